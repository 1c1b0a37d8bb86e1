"""Which carriageway a site serves, as people write it: compass words, degrees, English, German."""

from __future__ import annotations

import re
from math import cos, radians, sin

from planner.network.sites import DIRECTION_BOTH, DIRECTION_ONE

SIDES = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}
"""The site serves the carriageway whose outer side looks that way: degrees from north."""
_WORDS = {
    "north": ("n", "north", "nord", "norden"),
    "northeast": ("ne", "no", "northeast", "nordost", "nordosten"),
    "east": ("e", "o", "east", "ost", "osten"),
    "southeast": ("se", "so", "southeast", "suedost", "suedosten"),
    "south": ("s", "south", "sued", "sueden"),
    "southwest": ("sw", "southwest", "suedwest", "suedwesten"),
    "west": ("w", "west", "westen"),
    "northwest": ("nw", "northwest", "nordwest", "nordwesten"),
}
_DEGREES_OF = {
    word: 45.0 * number for number, words in enumerate(_WORDS.values()) for word in words
}
_SERVED = {
    "both": DIRECTION_BOTH,
    "beide": DIRECTION_BOTH,
    "beidseitig": DIRECTION_BOTH,
    "one": DIRECTION_ONE,
    "einseitig": DIRECTION_ONE,
}
_HEADING = re.compile(r"(?:richtung|fahrtrichtung)(?P<german>[a-z]+)|(?P<english>[a-z]+)bound")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def read_direction(text: str, *, keeps_left: bool = False) -> str | None:
    """Understand a direction as people write it.

    Parameters
    ----------
    text : str
        ``both`` or ``one`` (``beide``, ``einseitig``); a compass word, which names the side of the
        road that the site lies on as rest areas are named (``north``, ``N``, ``Nord``, ``SO``);
        or the heading of the traffic served, as a word (``northbound``, ``Richtung Norden``) or in
        degrees from north (``270``, ``270°``).
    keeps_left : bool
        Whether traffic keeps to the left there.

    Returns
    -------
    str or None
        ``"both"``, ``"one"``, a key of :data:`SIDES`, or the side in degrees as in ``"135°"``;
        None where the text says none of these.
    """
    plain = re.sub(r"[\s\-_.]", "", text.casefold().translate(_UMLAUTS))
    if plain in _SERVED:
        return _SERVED[plain]
    if plain in _DEGREES_OF:
        return _side(_DEGREES_OF[plain])
    heading = _HEADING.fullmatch(plain)
    word = heading and (heading["german"] or heading["english"])
    # What traffic that keeps right passes lies a quarter turn to the right of its heading.
    to_side = -90.0 if keeps_left else 90.0
    if word in _DEGREES_OF:
        return _side(_DEGREES_OF[word] + to_side)
    try:
        degrees = float(text.strip().removesuffix("°"))
    except ValueError:
        return None
    return _side(degrees + to_side) if 0.0 <= degrees <= 360.0 else None


def side_vector(direction: str) -> tuple[float, float] | None:
    """Unit vector (east, north) towards the side that a direction names.

    Parameters
    ----------
    direction : str
        As :func:`read_direction` gives it.

    Returns
    -------
    (float, float) or None
        None for ``"both"`` and ``"one"``, which name no side.
    """
    if direction in {DIRECTION_BOTH, DIRECTION_ONE}:
        return None
    degrees = SIDES[direction] if direction in SIDES else float(direction.removesuffix("°"))
    return sin(radians(degrees)), cos(radians(degrees))


def _side(degrees: float) -> str:
    turned = degrees % 360.0
    named = {value: name for name, value in SIDES.items()}
    return named.get(turned, f"{turned:g}°")
