"""Print the licences of all locked packages; one that this list does not know ends with code 1.

Every licence listed is compatible with GPL-3.0-or-later, under which the planner is.
"""

import sys
from collections import defaultdict
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

COMPATIBLE = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-2.0-or-later",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-2.1-or-later",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}
SPOKEN = {  # as packages put it that do not use the names of spdx.org
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License (GPL)": "GPL-3.0-or-later",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
READ_IN_THE_LICENCE_FILE = {"ciw": "MIT", "graphemeu": "MIT"}  # their metadata name none
LOCKS = Path(__file__).parents[1] / "requirements"


def locked_names() -> list[str]:
    """Packages of all locks that this system needs."""
    lines = {
        line.rstrip(" \\")
        for lock in LOCKS.glob("*.txt")
        for line in lock.read_text(encoding="utf-8").splitlines()
        if line[:1].isalnum()
    }
    entries = [Requirement(line) for line in sorted(lines)]
    return sorted({each.name for each in entries if not each.marker or each.marker.evaluate()})


def licence(name: str) -> str:
    """What a package says of its licence: an expression, else its classifiers, else a text."""
    if name in READ_IN_THE_LICENCE_FILE:
        return READ_IN_THE_LICENCE_FILE[name]
    about = metadata.metadata(name)
    classifiers = [
        each.split(" :: ")[-1]
        for each in about.get_all("Classifier", [])
        if each.startswith("License :: ")
    ]
    text = about["License-Expression"] or " OR ".join(classifiers) or about["License"] or "none"
    return text.strip().splitlines()[0]


def is_compatible(licence: str) -> bool:
    """Whether one of the licences offered can be kept together with ours."""
    return any(
        all(SPOKEN.get(each, each) in COMPATIBLE for each in offer.split(" AND "))
        for offer in licence.split(" OR ")
    )


def main() -> int:
    """Print packages by licence."""
    packages = defaultdict(list)
    missing = []
    for name in locked_names():
        try:
            packages[licence(name)].append(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    for text, names in sorted(packages.items()):
        print(f"{text}: {', '.join(names)}")
    if missing:
        print(f"Not installed here, so not looked at: {', '.join(missing)}")
    unknown = [text for text in packages if not is_compatible(text)]
    n_packages = sum(map(len, packages.values()))
    if unknown:
        print(f"NOT known to be compatible with GPL-3.0-or-later: {'; '.join(unknown)}")
        return 1
    print(f"All {n_packages} are compatible with GPL-3.0-or-later.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
