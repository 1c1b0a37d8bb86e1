"""What stands in the documentation to be copied: commands, sections of studies, lines of Python."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    path
    for pattern in ("*.md", "docs/*.md", "scenarios/*.md", "network/*/*.md", "planner/**/*.md")
    for path in sorted(ROOT.glob(pattern))
]
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LOOP = re.compile(r"for (\w+) in (\S+)[^;]*;\s*do\b|; *done")


@dataclass(frozen=True)
class Block:
    """A block of a page.

    Parameters
    ----------
    place : str
        Page and line.
    language : str
        As the page calls it; empty where it does not.
    text : str
        The block without its indentation.
    """

    place: str
    language: str
    text: str

    def __str__(self):
        return self.place


def blocks(*languages):
    """Blocks of all pages in some languages."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in _BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            place = f"{page.relative_to(ROOT).as_posix()}:{line}"
            found.append(Block(place, block[2], dedent(block[3])))
    return [each for each in found if each.language in languages]


@dataclass(frozen=True)
class Command:
    """A command: where it stands, and its words as a shell gives them on, variables apart."""

    place: str
    words: tuple[str, ...]

    def __str__(self):
        return f"{self.place} {' '.join(self.words[:3])}"


def commands():
    """Commands of all pages in their order; of loops the first turn, without where output goes."""
    return [
        Command(block.place, words)
        for block in blocks("console", "bash")
        for line in _lines(block)
        for words in _commands_of(line)
    ]


def _lines(block):
    """What is typed, each line whole."""
    if block.language == "bash":
        return block.text.splitlines()
    typed = re.sub(r"\\?\n> +", " ", "\n" + block.text)
    return re.findall(r"^\$ (.+)", typed, re.MULTILINE)


def _commands_of(line):
    """Words of the commands of a line: a shell's separators stand between them."""
    for name, first in re.findall(_LOOP.pattern.partition("|")[0], line):
        line = line.replace(f"${name}", first)
    line = _LOOP.sub("", line).replace("'$PWD'", "$PWD")
    tokens = shlex.shlex(line, posix=True, punctuation_chars=";|&>")
    tokens.whitespace_split = True
    words = []
    for token in [*tokens, ";"]:
        if token and not token.strip(";|&"):
            if words:
                yield tuple(words[: words.index(">")] if ">" in words else words)
            words = []
        else:
            words.append(token)


def inline_commands():
    """Commands of ours within the text of all pages, those with placeholders in capitals too."""
    found = []
    for page in PAGES:
        text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
        place = page.relative_to(ROOT).as_posix()
        for command in re.findall(r"`((?:\.venv/bin/)?planner [a-z][^`]*)`", text):
            found += [Command(place, words) for words in _commands_of(command.replace("\n", " "))]
    return found
