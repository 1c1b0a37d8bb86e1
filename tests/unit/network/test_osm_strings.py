"""Texts of PBF files with null signs, which would end the process, are refused."""

import struct
import zlib

import pyarrow as pa
import pytest

from planner.errors import InputDataError
from planner.network.osm_objects import OsmFile
from planner.network.osm_strings import refuse_null_signs


def field(number, content):
    """A field of a protobuf message: a number below 128, or bytes."""
    if isinstance(content, int):
        return bytes([number << 3, content])
    return bytes([number << 3 | 2, len(content)]) + content


def blob(kind, content):
    return struct.pack(">I", len(kind) + 4) + field(1, kind) + field(3, len(content)) + content


def block(*texts):
    """A block with a table of texts, the first of them empty as always."""
    return field(1, b"".join(field(1, text) for text in (b"", *texts)))


PACKED = {
    "raw": lambda data: field(1, data),
    "zlib": lambda data: field(2, len(data)) + field(3, zlib.compress(data)),
    "lz4": lambda data: field(2, len(data)) + field(6, pa.compress(data, "lz4_raw", asbytes=True)),
    "zstd": lambda data: field(2, len(data)) + field(7, pa.compress(data, "zstd", asbytes=True)),
}


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_a_null_sign_in_a_text_is_refused_however_the_block_is_packed(write, pack):
    good = blob(b"OSMData", pack(block(b"highway", b"motorway")))
    bad = blob(b"OSMData", pack(block(b"high\0way", b"motorway")))
    refuse_null_signs(write("good.osm.pbf", good))
    with pytest.raises(InputDataError, match=r"bad\.osm\.pbf: .*found one in block 2"):
        refuse_null_signs(write("bad.osm.pbf", good + bad))


def test_files_are_looked_through_before_they_are_read(write):
    path = write("bad.osm.pbf", blob(b"OSMData", field(1, block(b"\0ighway"))))
    with pytest.raises(InputDataError, match="null sign"):
        OsmFile(path)


@pytest.mark.parametrize("content", [b"\0\0\0\xff", b"\xff" * 9, b"\0\0\0\x02\x08\xff" * 2])
def test_other_damage_is_left_to_the_reader(write, content):
    refuse_null_signs(write("x.osm.pbf", content))
