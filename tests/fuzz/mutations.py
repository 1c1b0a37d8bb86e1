"""Damage done to files: bytes, lines, cells, numbers and words changed, doubled, moved or cut."""

import re

# What files have made readers stumble over.
ODD_TEXTS = (
    b"", b"0", b"-1", b"1e999999999", b"-1e-300", b"nan", b"inf", b"-inf", b"null", b"true", b"NO",
    b"2147483648", b"-9223372036854775809", b"99999999999999999999999", b"9" * 5_000, b"1.000",
    b"1,5", b"1_0", b"0x_", b"\xef\xbc\x91", b"007", b"NA", b"n/a", b"#REF!", b"=1+1",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\x1b[31m", b"\r",
    b'"', b"'", b";", b"\t", b":", b"[", b"]", b"{", b"}", b"<", b"]]>", b"&x;", b"%s", b"!!int 3",
    b"2026-02-30", b"2026-13-45T99:99", b"24:00", b"7:00", b"02:30", b"1:2", b"UTF-7", b"513",
    b"../../x", b"~nobody/x", b"/dev/zero", b"/vsicurl/http://127.0.0.1:9/", b"a" * 300, b"|", b"*",
    b"a" * 70_000, b"\n\n",
)  # fmt: skip
_WORD = re.compile(rb"[^\s,;:<>\"'={}\[\]]+")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
MOST_CHANGES = 4


def mutated(content, generator, others):
    """A copy with a few changes.

    Parameters
    ----------
    content : bytes
        File that can be read.
    generator : random.Random
        Decides what is changed.
    others : list of bytes
        Files of the same kind, of which pieces are taken.

    Returns
    -------
    bytes
    """
    for _ in range(generator.randint(1, MOST_CHANGES)):
        content = generator.choice(_CHANGES)(content, generator, others)
    return content


def _place(content, generator):
    return generator.randint(0, len(content))


def _flip_bits(content, generator, _others):
    if not content:
        return content
    at = generator.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << generator.randrange(8))]) + content[at + 1 :]


def _overwrite(content, generator, _others):
    at, n = _place(content, generator), generator.choice((1, 2, 4, 8))
    value = generator.choice((b"\x00", b"\xff", b"\x7f", b"\x80")) * n
    return content[:at] + value + content[at + n :]


def _insert_odd(content, generator, _others):
    at = _place(content, generator)
    return content[:at] + generator.choice(ODD_TEXTS) + content[at:]


def _cut(content, generator, _others):
    return content[: _place(content, generator)]


def _delete(content, generator, _others):
    at = _place(content, generator)
    return content[:at] + content[at + generator.randint(1, 64) :]


def _double(content, generator, _others):
    at = _place(content, generator)
    piece = content[at : at + generator.randint(1, 256)]
    return content[:at] + piece * generator.randint(2, 20) + content[at:]


def _splice(content, generator, others):
    other = generator.choice(others)
    start, at = _place(other, generator), _place(content, generator)
    piece = other[start : start + generator.randint(1, 200)]
    return content[:at] + piece + content[at + generator.randint(0, 200) :]


def _replace(pattern):
    def replace(content, generator, _others):
        found = list(pattern.finditer(content[:20_000]))
        if not found:
            return _insert_odd(content, generator, _others)
        start, end = generator.choice(found).span()
        return content[:start] + generator.choice(ODD_TEXTS) + content[end:]

    return replace


def _change_lines(content, generator, _others):
    lines = content.split(b"\n")
    at, to = generator.randrange(len(lines)), generator.randrange(len(lines))
    match generator.randrange(3):
        case 0:
            lines[at], lines[to] = lines[to], lines[at]
        case 1:
            lines.insert(to, lines[at])
        case _:
            del lines[at]
    return b"\n".join(lines)


def _recode(content, generator, _others):
    """Separators and decimal signs of another country, or another encoding of the whole."""
    match generator.randrange(5):
        case 0:
            return content.replace(b",", b";")
        case 1:
            return content.replace(b",", b";").replace(b".", b",")
        case 2:
            return content.replace(b"\n", b"\r\n")
        case 3:
            return b"\xef\xbb\xbf" + content
        case _:
            return content.decode("latin-1").encode(generator.choice(("utf-16", "utf-32", "utf-7")))


_CHANGES = (
    _flip_bits,
    _overwrite,
    _insert_odd,
    _cut,
    _delete,
    _double,
    _splice,
    _replace(_WORD),
    _replace(_WORD),
    _replace(_NUMBER),
    _replace(_NUMBER),
    _change_lines,
    _recode,
)
