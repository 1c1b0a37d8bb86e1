"""The rule `break_first` once more, in plain Python and without the planner's code.

Follows one truck and returns what it did as a list of events. Legs come from the enumeration's own
road search, the state of a truck at the border from its own account of the way abroad.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from planner.routing.stop_plans import StopKind
from tests.property.stop_plan_enumeration import Enumeration, leg

TINY = 1e-9


@dataclass
class Stop:
    site: int
    kind: StopKind
    arrival_h: float
    hold_h: float
    charged_kwh: float
    arrival_kwh: float


@dataclass
class Journey:
    """What a truck did; ``unplugged`` are (leg, driving on it before, whether it is a rest)."""

    is_served: bool = False
    stops: list[Stop] = field(default_factory=list)
    unplugged: list[tuple[int, float, bool]] = field(default_factory=list)
    distance_km: float = 0.0
    drive_h: float = 0.0
    arrival_h: float = math.nan
    final_kwh: float = math.nan


class Driver:
    """One truck that follows the rule."""

    def __init__(self, case, trip, behaviour, waits=None):
        self.waits = waits
        of = Enumeration(case, trip)
        self.case, self.behaviour, self.rules = case, behaviour, case.rules
        self.speed, self.per_km, self.minimum = of.speed, of.per_km, of.minimum
        self.battery, self.hpc, self.lpc = of.battery, of.hpc, of.lpc
        self.required = of.required
        self.starts_full = case.trips.initial_soc_share[trip] * of.battery >= of.battery - TINY
        self.place, self.goal = of.origin, of.destination
        self.clock, self.energy, self.since_break, self.since_rest, _ = of.entry
        self.rest_is_next = self.since_rest > self.since_break + TINY
        self.driven = self.held = 0.0
        self.used, self.journey = set(), Journey()
        self.early, self.late = (
            abs(h - self.rules.max_driving_before_break_h) for h in behaviour.site_search.window_h
        )

    def way(self, start, end):
        return leg(self.case, self.speed, start, end)

    @property
    def takes_turns(self):
        return self.behaviour.daily_rest == "every_second_break"

    @property
    def floor(self):
        if self.behaviour.below_minimum == "strand":
            return self.minimum
        return min(self.minimum, self.behaviour.floor_soc_share * self.battery)

    def left_before_break(self):
        return self.rules.max_driving_before_break_h - self.since_break

    def left_before_rest(self):
        if self.takes_turns:
            limit = 2 * self.rules.max_driving_before_break_h + self.late
        else:
            limit = self.rules.max_driving_before_rest_h
        return limit - self.since_rest

    def due(self):
        """Where the next break or rest is due, hours of driving on this leg."""
        return self.driven + max(0.0, min(self.left_before_break(), self.left_before_rest()))

    def rest_is_due(self):
        if self.takes_turns:
            return self.rest_is_next or self.left_before_rest() <= self.left_before_break() + TINY
        return self.left_before_rest() <= self.left_before_break() + self.late + TINY

    def final(self):
        return self.energy - self.way(self.place, self.goal)[1] * self.per_km

    def falls_short(self):
        return self.final() < self.required - TINY

    def energy_point(self):
        hours, km = self.way(self.place, self.goal)
        keep = self.required if self.final() >= self.minimum - TINY else self.minimum
        share = (self.energy - keep) / max(TINY, km * self.per_km)
        return max(self.driven, share * hours)

    def nearby(self, point, latest, *, is_rest=False, turns_back=False):
        """Sites that can be reached, nearest to the point first, as many as are looked at."""
        direct = self.way(self.place, self.goal)[0]
        found = []
        for site in range(self.case.sites.n_sites):
            to_h, to_km = self.way(self.place, ("site", site))
            on_h, _ = self.way(("site", site), self.goal)
            if site in self.used or math.isinf(to_h + on_h) or to_h > latest + TINY:
                continue
            if self.waits is not None and not self.waits.is_open[int(is_rest), site]:
                continue
            branch, aside = (to_h + direct - on_h) / 2, (to_h + on_h - direct) / 2
            if (branch < self.driven - TINY or to_h < self.driven) and not turns_back:
                continue
            if self.energy - to_km * self.per_km < self.floor - TINY:
                continue
            found.append((round(abs(branch - point) + aside, 8), site))
        found.sort()
        return [site for _, site in found[: self.behaviour.site_search.nearest]]

    def expected_wait(self, site, is_rest):
        """What others met who came in the hour in which this truck comes."""
        if self.waits is None or is_rest:
            return 0.0
        clock = self.clock + self.held + self.way(self.place, ("site", site))[0]
        hour = math.floor(clock - self.waits.from_h)
        by_hour = self.waits.wait_h[site]
        return by_hour[hour] if 0 <= hour < len(by_hour) else 0.0

    def chosen(self, sites, earliest, *, is_rest=False):
        hours, km = self.way(self.place, self.goal)

        def extra(site):
            to, on = self.way(self.place, ("site", site)), self.way(("site", site), self.goal)
            return to[0] + on[0] - hours, to[1] + on[1] - km

        near = [s for s in sites if extra(s)[1] <= self.behaviour.site_search.detour_km + TINY]
        in_window = [s for s in near if self.way(self.place, ("site", s))[0] >= earliest - TINY]
        of = in_window or near or sites
        if not of:
            return None
        return min(of, key=lambda s: round(extra(s)[0] + self.expected_wait(s, is_rest), 8))

    def arrival_energy(self, site):
        return self.energy - self.way(self.place, ("site", site))[1] * self.per_km

    def charge_in(self, kind, energy):
        if kind == StopKind.LPC_REST:
            return self.lpc.after(energy, self.rules.rest_h) - energy
        return self.hpc.after(energy, self.rules.break_h) - energy

    def length_of(self, kind):
        return self.rules.rest_h if kind == StopKind.LPC_REST else self.rules.break_h

    def energy_stop(self, site, due_kind):
        energy = self.arrival_energy(site)
        drive = self.way(self.place, ("site", site))[0] - self.driven
        if self.since_break + drive >= self.behaviour.promote_to_break_after_h - TINY:
            charge = self.charge_in(due_kind, energy)
            if charge > TINY:
                return due_kind, self.length_of(due_kind), charge
        if self.behaviour.energy_stop == "full_break":
            counts = self.behaviour.energy_stop_counts_as_break
            kind = StopKind.HPC_BREAK if counts else StopKind.HPC_INTERMEDIATE
            return kind, self.rules.break_h, self.charge_in(StopKind.HPC_BREAK, energy)
        left = max(0.0, self.due() - self.driven - drive)
        hours, km = self.way(("site", site), self.goal)
        to_goal = left >= hours
        charge = self.behaviour.energy_stop_reserve_kwh + max(0.0, self.minimum - energy)
        charge += self.required - self.minimum if to_goal else 0.0
        charge += self.per_km * (km if to_goal else km * left / hours)
        charge = min(charge, 0.8 * self.battery, self.battery - energy)
        length = self.hpc.hours(energy, charge) + self.case.charging.plug_overhead_h
        return StopKind.HPC_INTERMEDIATE, length, charge

    def drive_to(self, place):
        hours, km = self.way(self.place, place)
        self.journey.distance_km += km
        self.journey.drive_h += hours
        self.since_break += hours - self.driven
        self.since_rest += hours - self.driven
        self.clock += hours + self.held
        self.energy -= km * self.per_km
        self.place, self.driven, self.held = place, 0.0, 0.0

    def rested(self, *, is_rest):
        self.since_break = 0.0
        if is_rest:
            self.since_rest = 0.0
        self.rest_is_next = not is_rest

    def stop_at(self, site, kind, length, charge):
        self.drive_to(("site", site))
        self.clock += self.case.stop_cost_h
        self.journey.stops.append(Stop(site, kind, self.clock, length, charge, self.energy))
        self.used.add(site)
        self.clock += length
        self.energy += charge
        if kind != StopKind.HPC_INTERMEDIATE:
            self.rested(is_rest=kind == StopKind.LPC_REST)

    def stop_unplugged(self):
        is_rest, due = self.rest_is_due(), self.due()
        self.journey.unplugged.append((len(self.journey.stops), due, is_rest))
        self.since_rest += due - self.driven
        self.driven = due
        self.held += self.case.stop_cost_h
        self.held += self.rules.rest_h if is_rest else self.rules.break_h
        self.rested(is_rest=is_rest)

    def stop_for_energy(self):
        """Stop for energy, or for a break on the way there; whether there is such a site."""
        due, is_due = self.due(), self.is_due()
        latest = math.inf if is_due else due + self.late
        nearby = self.nearby(self.energy_point(), latest)
        if not nearby and self.driven == 0.0:
            nearby = self.nearby(self.energy_point(), latest, turns_back=True)
        site = self.chosen(nearby, -math.inf)
        if site is None:
            return False
        if self.way(self.place, ("site", site))[0] > due + self.late + TINY:
            self.stop_unplugged()
            return True
        due_kind = StopKind.LPC_REST if self.rest_is_due() else StopKind.HPC_BREAK
        kind, length, charge = self.energy_stop(site, due_kind)
        if charge > TINY:
            self.stop_at(site, kind, length, charge)
        return charge > TINY

    def stop_when_due(self):
        """Stop where a break or rest is due; whether it was a stop at a site."""
        wants = (
            self.falls_short()
            or {
                "if_useful": False,
                "partly_charged": not self.starts_full,
                "always": True,
            }[self.behaviour.plug_in_at_breaks]
        )
        kind = StopKind.LPC_REST if self.rest_is_due() else StopKind.HPC_BREAK
        due, site = self.due(), None
        if wants:
            point = max(self.driven, due - self.behaviour.site_search.before_limit_min / 60)
            is_rest = kind == StopKind.LPC_REST
            nearby = self.nearby(point, due + self.late, is_rest=is_rest)
            site = self.chosen(nearby, due - self.early, is_rest=is_rest)
        if site is not None:
            charge = self.charge_in(kind, self.arrival_energy(site))
            if charge > TINY:
                self.stop_at(site, kind, self.length_of(kind), charge)
                return True
        self.stop_unplugged()
        return False

    def is_due(self):
        return self.due() < self.way(self.place, self.goal)[0] - TINY

    def energy_comes_first(self):
        if not self.falls_short():
            return False
        return not self.is_due() or self.energy_point() < self.due() - TINY

    def go(self):
        looks_for_energy = True
        while True:
            if looks_for_energy and self.energy_comes_first():
                looks_for_energy = self.stop_for_energy()
                continue
            if not self.is_due():
                break
            if self.stop_when_due():
                looks_for_energy = True
        self.drive_to(self.goal)
        journey = self.journey
        journey.arrival_h, journey.final_kwh = self.clock, self.energy
        may_be_low = self.behaviour.below_minimum == "to_first_site"
        journey.is_served = self.energy >= (self.floor if may_be_low else self.required) - TINY
        return journey
