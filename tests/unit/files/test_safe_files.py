import gzip
import io
import zipfile
from dataclasses import replace

import pytest

from planner.errors import InputDataError
from planner.files import safe_files
from planner.files.bounds import XML
from planner.files.safe_files import check_zip, open_text_or_gzip

CONTENT = "\n".join(f"{number},{number**2}" for number in range(100)).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read_all(path, **limits) -> bytes:
    with open_text_or_gzip(path, **limits) as stream:
        return stream.read()


@pytest.mark.parametrize(
    "packed",
    [
        CONTENT,
        gzip.compress(CONTENT, mtime=0),
        gzip.compress(CONTENT[:9], mtime=0) + gzip.compress(CONTENT[9:], mtime=0),
    ],
)
def test_content_and_not_the_name_tells_how_a_file_is_packed(write, packed):
    assert read_all(write("network.txt", packed)) == CONTENT


def test_a_zip_with_one_file_in_it_is_read_as_that_file(write):
    assert read_all(write("x.zip", zipped({"network.csv": CONTENT}))) == CONTENT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (gzip.compress(CONTENT, mtime=0)[:-20], r"cut off or damaged after \d+ unpacked bytes"),
        (gzip.compress(CONTENT, mtime=0)[:60] + b"\0" * 40, "cut off or damaged"),
        (gzip.compress(CONTENT, mtime=0)[:-8] + b"\1\2\3\4\5\6\7\x08", "cut off or damaged.*CRC"),
        (zipped({"a": CONTENT, "b": CONTENT}), "one file in the zip archive, found 2"),
        (zipped({"a": CONTENT})[:-30], "whole zip archive"),
    ],
)
def test_broken_packed_files_are_refused_with_their_fault(write, content, said):
    with pytest.raises(InputDataError, match=said):
        read_all(write("file", content))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputDataError, match="found no file of this name"):
        read_all(tmp_path / "none.gz")


def test_a_file_may_have_as_many_bytes_as_allowed_and_no_more(write):
    path = write("x.gz", gzip.compress(b"x" * 1000, mtime=0))
    assert len(read_all(path, bounds=replace(XML, max_unpacked_bytes=1000))) == 1000
    with pytest.raises(InputDataError, match="at most 999 bytes after unpacking"):
        read_all(path, bounds=replace(XML, max_unpacked_bytes=999))


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"bomb": data})])
def test_a_bomb_is_refused_long_before_it_has_unpacked(write, monkeypatch, pack):
    monkeypatch.setattr(safe_files, "FREE_UNPACKED_BYTES", 1_000_000)
    path = write("bomb", pack(b"\0" * 30_000_000))
    sizes = []

    def unpack():
        with open_text_or_gzip(path) as stream:
            while chunk := stream.read(100_000):
                sizes.append(len(chunk))

    with pytest.raises(InputDataError, match="200 times its size"):
        unpack()
    assert sum(sizes) < 10_000_000


def test_the_files_of_a_zip_are_told_and_bounded_together(write):
    path = write("x.zip", zipped({"a/": b"", "a/b": b"xx", "c": b"yy"}))
    assert check_zip(path, replace(XML, max_unpacked_bytes=4)) == ["a/b", "c"]
    with pytest.raises(InputDataError, match="after unpacking"):
        check_zip(path, replace(XML, max_unpacked_bytes=3))


@pytest.mark.parametrize(
    "content",
    [
        zipped({"ä.csv": CONTENT}).replace("ä".encode(), b"\xdb\x28"),
        zipped({"x.csv": CONTENT}).replace(b"x.csv", b"\0.csv"),
    ],
)
def test_an_archive_with_names_that_are_no_text_is_refused(write, content):
    with pytest.raises(InputDataError, match=r"x\.zip: expected a whole zip archive"):
        check_zip(write("x.zip", content), XML)
