"""Reading XML files that come from elsewhere: streamed, packed or not, without entities.

Every reader of XML files opens them here. A file can be written to make a parser fetch addresses,
multiply entities or build an element that fills the memory; each is refused with the file, the
fault and what to do.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from xml.etree import ElementTree as ET
from xml.parsers import expat

from lxml import etree

from planner.errors import InputDataError
from planner.files.bounds import XML, FileBounds
from planner.files.safe_files import FETCH_AGAIN, open_text_or_gzip
from planner.files.xml_kinds import told_kind
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

MAX_XML_PROLOG_BYTES = 1_000_000
"""The outermost element begins within so many bytes."""
_CHUNK_BYTES = 1 << 16


def iterate_xml(
    path: Path,
    tags: Collection[str],
    *,
    root: str | None = None,
) -> Iterator[ET.Element]:
    """Stream elements out of an XML file, packed or not, in memory that does not grow.

    An external DOCTYPE, as MATSim files have, is left unread. Declarations inside a DOCTYPE are
    refused: only there could entities be declared.

    Parameters
    ----------
    path : pathlib.Path
        XML, plain or packed as :func:`~planner.files.safe_files.open_text_or_gzip` reads it.
    tags : collection of str
        Elements to hand out, ``{namespace}tag`` where the file has namespaces. One inside another
        stays inside it.
    root : str, optional
        Expected outermost element; any by default.

    Yields
    ------
    xml.etree.ElementTree.Element
        Whole with all it holds; emptied when the next one is asked for.

    Raises
    ------
    InputDataError
        If the file cannot be opened or unpacked, is not well-formed, has another outermost
        element, declares something in its DOCTYPE, or holds a tag, text or element of absurd size.
    """
    with open_text_or_gzip(path) as stream:
        start = _checked_prolog(path, stream, root)
        yield from _outermost(path, _event_batches(path, start, stream), frozenset(tags))


def iterate_children(path: Path, tag: str, *, root: str | None = None) -> Iterator[Any]:
    """Stream the children of an XML file's outermost element, packed or not.

    For files whose outermost element holds millions of others, as MATSim populations do: lxml
    builds them in half the time of :func:`iterate_xml` and calls for no other tag. As safe as
    that, in memory that does not grow.

    Parameters
    ----------
    path : pathlib.Path
        XML, plain or packed as :func:`~planner.files.safe_files.open_text_or_gzip` reads it.
    tag : str
        Children to hand out. Others that stand before one can be looked at from it.
    root : str, optional
        Expected outermost element; any by default.

    Yields
    ------
    lxml.etree._Element
        Whole with all it holds; gone when the next one is asked for.

    Raises
    ------
    InputDataError
        As :func:`iterate_xml`; a child may have as many bytes as a tag there.
    """
    parser = etree.XMLPullParser(
        events=("end",), tag=tag, resolve_entities=False, load_dtd=False, no_network=True
    )
    with open_text_or_gzip(path) as stream:
        chunk = _checked_prolog(path, stream, root)
        n_without_child = 0
        while chunk:
            # A child that never ends would be kept in memory whole.
            n_without_child += len(chunk)
            try:
                parser.feed(chunk)
            except etree.XMLSyntaxError as error:
                raise _not_well_formed(path, error) from error
            for _, element in parser.read_events():
                n_without_child = 0
                yield element
                outermost = element.getparent()
                # lxml keeps what was read: earlier siblings go, the element is still in use.
                if outermost is not None:
                    del outermost[: outermost.index(element)]
                element.clear()
            if n_without_child > XML.max_token_chars:
                raise _too_long_a_token(path)
            chunk = stream.read(_CHUNK_BYTES)
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            raise _not_well_formed(path, error) from error


class XmlHandler(Protocol):
    """What :func:`feed_xml` calls; tags as ``{namespace}tag`` where the file has namespaces."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """An element begins."""

    def data(self, text: str, /) -> None:
        """A piece of text; a text may come in several."""

    def end(self, tag: str, /) -> None:
        """An element ends."""


def feed_xml(
    path: Path, handler: XmlHandler, *, root: str | None = None, bounds: FileBounds = XML
) -> None:
    """Call a handler for every tag and text of an XML file, packed or not, and build no elements.

    Three times as fast as :func:`iterate_xml` for files of many small elements, and as safe.

    Parameters
    ----------
    path : pathlib.Path
        XML, plain or packed as :func:`~planner.files.safe_files.open_text_or_gzip` reads it.
    root : str, optional
        Expected outermost element; any by default.

    Raises
    ------
    InputDataError
        If the file cannot be opened or unpacked, is not well-formed, has another outermost
        element, or declares something in its DOCTYPE.
    """
    with open_text_or_gzip(path, bounds) as stream:
        chunk = _checked_prolog(path, stream, root)
        parser = ET.XMLParser(target=handler)  # noqa: S314  # the prolog is checked
        n_without_tag = 0
        try:
            while chunk:
                # A text that never ends would be gathered in memory.
                n_without_tag = 0 if b"<" in chunk else n_without_tag + len(chunk)
                if n_without_tag > XML.max_token_chars:
                    raise _too_long_a_token(path)
                parser.feed(chunk)
                chunk = stream.read(_CHUNK_BYTES)
            parser.close()
        except (ET.ParseError, ValueError, LookupError) as error:
            raise _not_well_formed(path, error) from error


def outermost_element(path: Path) -> str:
    """Tag of the outermost element of an XML file, packed or not; the rest is left unread.

    Raises
    ------
    InputDataError
        As :func:`iterate_xml`, as far as it reads.
    """
    with open_text_or_gzip(path) as stream:
        return _prolog(path, stream)[1]


def _checked_prolog(path: Path, stream: BinaryIO, root: str | None) -> bytes:
    """First bytes of the file, where its outermost element is the expected one."""
    seen, begun = _prolog(path, stream)
    if root is not None and begun != root:
        msg = said(
            "{path}: expected <{root}> as the outermost element, found {told_kind}.",
            path=str(path),
            root=root,
            told_kind=told_kind(begun),
        )
        raise InputDataError(msg)
    return seen


def _prolog(path: Path, stream: BinaryIO) -> tuple[bytes, str]:
    """First bytes until the outermost element has begun, nothing unsafe before, and its tag.

    Entities can be declared in the DOCTYPE alone, so what follows may go to a parser that would
    expand them.
    """
    begun: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")

    def start_doctype(
        _name: str, _system: str | None, _public: str | None, has_declarations: object
    ) -> None:
        if has_declarations:
            msg = said(
                "{path}: the DOCTYPE declares entities or other things; only a reference to a "
                "DTD is accepted. Remove what stands in [ ] there.",
                path=str(path),
            )
            raise InputDataError(msg)

    def start_element(name: str, _attributes: dict[str, str]) -> None:
        begun.append("{" + name if "}" in name else name)
        parser.StartElementHandler = None

    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start_element
    seen = b""
    while not begun and len(seen) < MAX_XML_PROLOG_BYTES:
        chunk = stream.read(_CHUNK_BYTES)
        try:
            parser.Parse(chunk, not chunk)
        except (expat.ExpatError, ValueError, LookupError) as error:
            # Once an element has begun, the reader after this one says what is wrong, and where.
            if not begun:
                raise _not_well_formed(path, error) from error
        seen += chunk
    if not begun:
        msg = said(
            "{path}: no element begins within {max_xml_prolog_bytes} bytes. {fetch_again}.",
            path=str(path),
            max_xml_prolog_bytes=MAX_XML_PROLOG_BYTES,
            fetch_again=FETCH_AGAIN,
        )
        raise InputDataError(msg)
    return seen, begun[0]


def _event_batches(
    path: Path, start: bytes, stream: BinaryIO
) -> Iterator[list[tuple[str, ET.Element]]]:
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    chunk, n_without_event = start, 0
    while chunk:
        n_without_event += len(chunk)
        try:
            parser.feed(chunk)
            events = list(parser.read_events())
        except (ET.ParseError, ValueError, LookupError) as error:
            raise _not_well_formed(path, error) from error
        if events:
            n_without_event = 0
            yield events  # type: ignore[misc]
        elif n_without_event > XML.max_token_chars:
            raise _too_long_a_token(path)
        chunk = stream.read(_CHUNK_BYTES)
    try:
        parser.close()
    except ET.ParseError as error:
        raise _not_well_formed(path, error) from error


def _outermost(
    path: Path, batches: Iterator[list[tuple[str, ET.Element]]], tags: frozenset[str]
) -> Iterator[ET.Element]:
    """Elements with one of the tags that are not inside another such; the rest is let go."""
    around: list[ET.Element] = []
    depth, n_inside = 0, 0
    for event, element in chain.from_iterable(batches):
        if event == "start":
            if depth:
                depth += 1
                n_inside += 1
                if n_inside > XML.max_objects:
                    msg = said(
                        "{path}: one element holds more than {max_objects} others. {fetch_again}.",
                        path=str(path),
                        max_objects=XML.max_objects,
                        fetch_again=FETCH_AGAIN,
                    )
                    raise InputDataError(msg)
            elif element.tag in tags:
                depth, n_inside = 1, 0
            else:
                around.append(element)
            continue
        if depth > 1:
            depth -= 1
            continue
        if depth:
            depth = 0
            yield element
            element.clear()
        else:
            around.pop()
        if around:
            del around[-1][:]


def _not_well_formed(path: Path, error: Exception) -> InputDataError:
    return InputDataError(
        said(
            "{path}: not well-formed XML: {error}. {fetch_again}.",
            path=str(path),
            error=str(error),
            fetch_again=FETCH_AGAIN,
        )
    )


def _too_long_a_token(path: Path) -> InputDataError:
    limit_mb = XML.max_token_chars // 10**6
    return InputDataError(
        said(
            "{path}: expected tags and texts of at most {limit_mb} MB, found a longer one. "
            "{fetch_again}.",
            path=str(path),
            limit_mb=str(limit_mb),
            fetch_again=FETCH_AGAIN,
        )
    )
