"""What every figure means, in words, in one place.

Table schemas, the HTML report, the terminal and the reference docs all quote these texts, so a
figure has one meaning wherever it is read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the field.

    Parameters
    ----------
    text : str
        What it means, whole sentences without jargon that is not itself defined here.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field, and the words that texts for users do not put in its place.

    Parameters
    ----------
    meaning : str
        What it means, one sentence.
    not_english, not_german : tuple of str
        Words that are not used for it; regular expressions of whole words, upper or lower case.
    """

    english: str
    german: str
    meaning: str
    not_english: tuple[str, ...] = ()
    not_german: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedSolution:
    """A solution of the front that has a name because it stands for a point of view.

    Parameters
    ----------
    name : str
        Key of the solution, for example ``"balanced"``.
    solution : int
        Its row in the front.
    """

    name: str
    solution: int
    title: str
    text: str


NAMED_SOLUTION_DEFINITIONS: dict[str, Definition] = {
    "logistics": Definition(
        "Logistics",
        "The fewest points with practically the least waiting: no plan found within the limits of "
        "the sites has a mean wait that is noticeably shorter (wait_tolerance_min of the study).",
    ),
    "logistics-leaning": Definition(
        "Logistics-leaning", "Between the balanced plan and the one with the least waiting."
    ),
    "balanced": Definition(
        "Balanced",
        "The knee of the front: beyond it, a little more utilisation costs much more waiting, "
        "and a little less waiting costs much more utilisation.",
    ),
    "cpo-leaning": Definition(
        "Operator-leaning", "Between the balanced plan and the one with the highest utilisation."
    ),
    "cpo": Definition(
        "Operator",
        "The highest utilisation for the charge point operator (CPO) at which trucks can still "
        "recharge all the energy they need within the simulated days.",
    ),
    "least-cost": Definition(
        "Least cost",
        "What operators pay and what time costs trucks is least together; in studies that say "
        "what things cost (infrastructure_costs).",
    ),
}
"""The five points of view, from the trucks' side to the operators' side, and that of all."""


DEFINITIONS: dict[str, Definition] = {
    "front": Definition(
        "Pareto front",
        "The plans that cannot be improved for one side without harming the other: no other plan "
        "found has both less waiting and a higher utilisation.",
    ),
    "hpc": Definition(
        "High-power charging point (HPC)",
        "A charging point for use in the driver's 45-minute break, megawatt charging.",
    ),
    "lpc": Definition(
        "Overnight charging point (LPC)",
        "A charging point of low power for charging during the driver's daily rest.",
    ),
    "uwti": Definition(
        "Mean waiting time (UWTI)",
        "Time from arrival at a site until plug-in, averaged over all high-power charging "
        "sessions whose truck joins the queue within the simulated days; sessions without any "
        "waiting count as zero. The days before are simulated first, so that sites do not begin "
        "empty. Known as the user waiting time "
        "indicator; the formula is this planner's own.",
    ),
    "p95_wait": Definition(
        "95th percentile of waits",
        "95 of 100 high-power charging sessions wait no longer than this.",
    ),
    "share_wait_over_15": Definition(
        "Waits over 15 min",
        "Share of high-power charging sessions that wait longer than 15 minutes.",
    ),
    "tcu": Definition(
        "Utilisation in time (TCU)",
        "Share of the simulated time in which a high-power charging point has a truck plugged in, "
        "averaged over all points; known as temporal charger utilisation. A break keeps a point "
        "occupied to its end.",
    ),
    "ecu": Definition(
        "Utilisation in energy (ECU)",
        "Energy delivered by the high-power charging points as a share of what they would deliver "
        "at nameplate power all the time; known as energetic charger utilisation.",
    ),
    "energy_hpc": Definition(
        "Energy at high power", "Energy charged at high-power charging points over all days."
    ),
    "energy_lpc": Definition(
        "Energy overnight", "Energy charged at overnight charging points over all days."
    ),
    "lpc_rejected": Definition(
        "Rejected overnight sessions",
        "Trucks that found all overnight charging points taken, rested unplugged and charged at "
        "high power afterwards.",
    ),
    "unserved": Definition(
        "Unserved trip",
        "A trip that cannot be driven with the given sites, vehicle and driver rules. It is "
        "counted and listed with the reason and the place where the truck would strand.",
    ),
    "extra_time": Definition(
        "Charging delay",
        "Duration of a trip with charging and waiting, less that of the same truck without "
        "charging, which keeps to the same breaks and daily rests.",
    ),
    "peak_power": Definition(
        "Peak power",
        "Highest power drawn at a site at any moment of the days that count, high-power and "
        "overnight charging together.",
    ),
    "grid_connection": Definition(
        "Grid connection",
        "Power of the site's grid connection: of official sites the one requested for it, of given "
        "ones what their table says, of computed ones an estimate.",
    ),
    "hypervolume": Definition(
        "Hypervolume",
        "How much of the space of outcomes a front beats, from 0 to 1: one number for the quality "
        "of a whole front, larger is better.",
    ),
    "soc": Definition(
        "State of charge (SoC)", "Energy in the battery as a share of its usable capacity."
    ),
}
"""Terms in the order in which a reader meets them."""


GLOSSARY: tuple[Term, ...] = (
    Term(
        "charging point",
        "Ladepunkt",
        "Where one truck charges at a time; a site has several.",
        # To plug in is a verb of its own; MATSim and the names of two indicators say charger.
        (r"plugs?(?! (?:in|a vehicle)\b)(?!-)", r"chargers?(?! utilisation)"),
        (r"Stecker", r"Ladesäulen?", r"Lader"),
    ),
    Term(
        "high-power point (HPC)",
        "Hochleistungsladepunkt (HPC)",
        "Charging point for the driver's break; the abbreviation stands in names of columns.",
        (r"HPC[- ](?:points?|plugs?|sessions?|stops?)", r"(?:fast|quick)[- ]charging points?"),
        (r"HPC-\w+", r"Schnellladepunkt\w*", r"Hochleistungspunkt\w*"),
    ),
    Term(
        "overnight point (LPC)",
        "Nachtladepunkt (LPC)",
        "Charging point for the driver's daily rest; the abbreviation stands in names of columns.",
        (r"LPC[- ](?:points?|plugs?|sessions?|stops?)", r"low-power (?:charging )?points?"),
        (r"LPC-\w+", r"Langsamladepunkt\w*", r"Normalladepunkt\w*"),
    ),
    Term(
        "state of charge (SoC) at arrival, at departure",
        "Ladezustand (SoC) bei Ankunft, bei Abfahrt",
        "Energy in the battery as a share of its usable capacity.",
        (r"charge level", r"battery level", r"fill level"),
        (r"Füllstand", r"Batteriestand"),
    ),
    Term("PV", "PV", "Photovoltaics at a site.", (r"the sun", r"sun power"), (r"die Sonne",)),
    Term(
        "curtailed",
        "abgeregelt",
        "PV power that is neither used, nor stored, nor fed into the grid.",
        (r"spill(?:ed|s|age)?",),
        (r"verworfen\w*",),
    ),
    Term(
        "battery storage (BESS)",
        "Batteriespeicher",
        "Stationary battery at a site.",
        (r"home battery", r"accumulator"),
        (r"Akkus?",),
    ),
    Term(
        "unserved",
        "nicht bedient",
        "A trip or stop that cannot be served; it is listed with its cause.",
        (r"stay(?:s|ed)? behind", r"left behind"),
        (r"zurückgelassen\w*",),
    ),
    Term(
        "random utility",
        "Zufallsnutzen",
        "Choice by cost plus a random term that differs from truck to truck.",
        (r"tastes?",),
        (r"Geschmack\w*",),
    ),
    Term(
        "charging delay",
        "Ladeverzögerung",
        "Travel time that charging and waiting add to a trip.",
        (r"time that charging adds", r"extra time"),
        (r"Mehrzeit\w*",),
    ),
    Term(
        "gateway",
        "Grenzübergang",
        "Node at the border through which trips enter or leave the country.",
    ),
    Term("route", "Route", "The roads that a truck drives.", (r"itinerar(?:y|ies)",)),
    Term(
        "95th percentile",
        "95. Perzentil",
        "What 95 of 100 do not exceed.",
        (r"95 % (?:wait )?at most", r"95 % wait", r"95 % quantile"),
        (r"95 % warten höchstens", r"95-%-Quantil"),
    ),
    Term(
        "lower bound",
        "untere Schranke",
        "Number that is proved not to be undercut.",
        (r"proved floor", r"lower limit that is proved"),
    ),
    Term(
        "OD flows",
        "Quelle-Ziel-Ströme",
        "Trips by origin and destination.",
        (r"O-D (?:flows?|matri(?:x|ces))",),
    ),
    Term(
        "baseline without charging",
        "Referenz ohne Laden",
        "The same truck with an inexhaustible battery, breaks and rests included.",
        (r"diesel twin",),
    ),
    Term("solution", "Lösung", "A point of the Pareto front.", (r"individuals",)),
    Term("layout", "Auslegung", "Points per site.", (r"charger layouts?", r"charger counts?")),
    Term(
        "stop plan",
        "Halteplan",
        "Where a truck stops, why, and for how long.",
        (r"stop schedules?",),
        (r"\w*stopps?",),
    ),
    Term(
        "error",
        "Fehler",
        "What a user can put right in an input; all errors of a file are listed at once.",
        (r"tells? all faults", r"no faults found"),
    ),
    Term(
        "resume",
        "fortsetzen",
        "Continue an interrupted run; a complete one is skipped.",
        (r"goes on where", r"go on where", r"is not done again"),
    ),
)
"""The words of texts that users read; a test holds catalogue, help, pages and docs to it."""


def named_solution(name: str, solution: int) -> NamedSolution:
    """Give a solution of the front one of the standard names.

    Parameters
    ----------
    name : str
        Key of :data:`NAMED_SOLUTION_DEFINITIONS`.

    Raises
    ------
    KeyError
        If the name is none of the standard ones.
    """
    definition = NAMED_SOLUTION_DEFINITIONS[name]
    return NamedSolution(name, solution, definition.title, definition.text)
