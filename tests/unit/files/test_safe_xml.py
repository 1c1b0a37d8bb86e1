import gzip
import tracemalloc
from dataclasses import replace

import pytest

from planner.errors import InputDataError
from planner.files import safe_xml
from planner.files.safe_xml import feed_xml, iterate_xml

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE network SYSTEM "http://www.matsim.org/files/dtd/network_v2.dtd">
<network name="n">
 <attributes><attribute name="crs">EPSG:25832</attribute></attributes>
 <nodes><node id="1"><attributes><attribute name="a">b</attribute></attributes></node>
 <node id="2"/></nodes>
</network>"""


def told(path, *tags: str, **settings) -> list[tuple[str, str | None, int]]:
    return [(e.tag, e.get("id"), len(e)) for e in iterate_xml(path, tags, **settings)]


def test_elements_come_whole_and_those_inside_them_stay_there(write):
    path = write("n.xml.gz", gzip.compress(XML, mtime=0))
    assert told(path, "node", "attributes", root="network") == [
        ("attributes", None, 1),
        ("node", "1", 1),
        ("node", "2", 0),
    ]
    assert told(path, "network") == [("network", None, 2)]


def test_memory_does_not_grow_with_the_file(write):
    def peak_bytes(n_elements: int) -> int:
        path = write("n.xml", b"<r>" + b"<a><b/></a><c><d/></c>" * n_elements + b"</r>")
        tracemalloc.start()
        assert sum(1 for _ in iterate_xml(path, ["c"])) == n_elements
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert peak_bytes(60_000) < 1.2 * peak_bytes(15_000)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"</network>", b"", "not well-formed XML: no element found"),
        (b"</nodes>", b"</node>", "not well-formed XML: mismatched tag: line 6"),
        (b"<?xml", b"oops <?xml", "not well-formed XML"),
        (XML, b"   ", "not well-formed XML"),
        (b'.dtd"', b'.dtd" [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]', "DOCTYPE declares"),
        (b'SYSTEM "http://www.matsim.org/files/dtd/network_v2.dtd"', b"[]", "DOCTYPE declares"),
        (b'.dtd"', b'.dtd" [<!ENTITY a SYSTEM "file:///etc/hostname">]', "DOCTYPE declares"),
        (b'.dtd"', b'.dtd" [<!ENTITY % a SYSTEM "http://127.0.0.1/">%a;]', "DOCTYPE declares"),
        (b">b<", b">&hidden;<", "undefined entity"),
        (b"<network", b"<!--" + b"x" * 1_100_000 + b"--><network", "no element begins"),
        (b"UTF-8", b"no-such-code", "not well-formed XML"),
        (b'name="n"', b'name="\xff"', "not well-formed XML"),
    ],
)
def test_broken_or_unsafe_xml_is_refused_with_its_fault(write, old, new, said):
    assert old in XML
    with pytest.raises(InputDataError, match=said):
        told(write("n.xml", XML.replace(old, new, 1)), "node")


def test_another_kind_of_file_is_told_by_its_outermost_element(write):
    path = write("n.xml", XML)
    with pytest.raises(InputDataError, match="expected <population> as the outermost"):
        told(path, "person", root="population")


class Recorder:
    """Keeps what a file says, texts joined."""

    def __init__(self):
        self.said = []

    def start(self, tag, attributes):
        self.said.append((tag, dict(attributes)))

    def data(self, text):
        if text.strip():
            self.said.append(text)

    def end(self, tag):
        self.said.append(f"/{tag}")


def test_a_handler_is_told_every_tag_and_text_in_order(write):
    recorder = Recorder()
    text = b'<n xmlns:v="urn:x"><a k="1">b</a><v:c/></n>'
    feed_xml(write("n.xml.gz", gzip.compress(text, mtime=0)), recorder, root="n")
    assert recorder.said == [
        ("n", {}), ("a", {"k": "1"}), "b", "/a", ("{urn:x}c", {}), "/{urn:x}c", "/n",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (XML.replace(b"</network>", b""), "not well-formed XML: no element found"),
        (XML.replace(b'.dtd"', b'.dtd" [<!ENTITY a "lol">]'), "DOCTYPE declares"),
        (XML.replace(b">b<", b">&hidden;<"), "undefined entity"),
        (gzip.compress(XML, mtime=0)[:-20], "cut off or damaged"),
        (XML.replace(b"network", b"population"), "expected <network> as the outermost"),
    ],
)
def test_what_is_broken_or_unsafe_is_refused_for_handlers_too(write, content, said):
    with pytest.raises(InputDataError, match=said):
        feed_xml(write("n.xml", content), Recorder(), root="network")


def test_namespaces_belong_to_the_tags(write):
    path = write("v.xml", b'<v xmlns="urn:x"><w id="7"/></v>')
    assert told(path, "{urn:x}w", root="{urn:x}v") == [("{urn:x}w", "7", 0)]
    assert told(path, "w") == []


def test_other_encodings_are_read_as_the_file_says(write):
    path = write("n.xml", '<?xml version="1.0" encoding="ISO-8859-1"?><a b="ä"/>'.encode("latin-1"))
    assert [element.get("b") for element in iterate_xml(path, ["a"])] == ["ä"]


def test_a_giant_tag_and_a_giant_element_are_refused(write, monkeypatch):
    monkeypatch.setattr(safe_xml, "XML", replace(safe_xml.XML, max_token_chars=500_000))
    path = write("t.xml", b"<a><b>" + b"x" * 1_500_000 + b"</b></a>")
    with pytest.raises(InputDataError, match="texts of at most 0 MB"):
        told(path, "b")
    monkeypatch.setattr(safe_xml, "XML", replace(safe_xml.XML, max_objects=99))
    path = write("e.xml", b"<a>" + b"<b/>" * 100 + b"</a>")
    assert len(told(path, "b")) == 100
    with pytest.raises(InputDataError, match="holds more than 99 others"):
        told(path, "a")
