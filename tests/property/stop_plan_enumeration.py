"""All plans of a trip, one after the other, written without the planner's code."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np

from planner.routing.stop_plans import StopKind
from planner.runs.random_streams import stable_hash

TINY = 1e-9
MASK = (1 << 64) - 1
FIRST_PART = "energy stop drawn out to the first part of a break"
KEY = 0x1234_5678_9ABC_DEF0


def mixed(value):
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def liking_h(case, trip, site):
    bits = mixed(
        mixed(KEY ^ mixed(int(case.trips.trip_id[trip])))
        ^ stable_hash(str(case.sites.site_id[site]))
    )
    return -case.choice.taste_scale_h * math.log(-math.log(((bits >> 11) + 0.5) / 2**53))


def node_path(case, speed, start, end):
    """Time and length of the quickest (or shortest) path between nodes."""
    if speed not in case.paths:
        roads = nx.DiGraph()
        graph = case.graph
        for a in range(graph.n_arcs):
            i, j = int(graph.arc_from_idx[a]), int(graph.arc_to_idx[a])
            time = graph.arc_length_km[a] / min(graph.arc_free_speed_kmh[a], speed)
            road = {"time": time, "km": graph.arc_length_km[a]}
            if not roads.has_edge(i, j) or road[case.weight] < roads[i][j][case.weight]:
                roads.add_edge(i, j, **road)
        case.paths[speed] = roads, dict(nx.all_pairs_dijkstra(roads, weight=case.weight))
    roads, trees = case.paths[speed]
    if end not in trees[start][0]:
        return math.inf, math.inf
    path = trees[start][1][end]
    return nx.path_weight(roads, path, "time"), nx.path_weight(roads, path, "km")


def leg(case, speed, start, end):
    """Time and length of the quickest leg; places are ("node", i) or ("site", i)."""
    key = (speed, start, end)
    if key not in case.legs:
        case.legs[key] = min(
            _connections(case, speed, start, end),
            key=lambda found: found if case.weight == "time" else found[::-1],
            default=(math.inf, math.inf),
        )
    return case.legs[key]


def _connections(case, speed, start, end):
    if start == end:
        return
    for exit_arc, exit_at, exit_node, out_h, out_km in _ends(case, speed, start, leaving=True):
        for entry_arc, entry_at, entry_node, in_h, in_km in _ends(case, speed, end, leaving=False):
            hours, length = node_path(case, speed, exit_node, entry_node)
            yield out_h + hours + in_h, out_km + length + in_km
            if exit_arc == entry_arc is not None and entry_at >= exit_at:
                ahead = entry_at - exit_at
                off_road = sum(case.sites.off_road_km[place[1]] for place in (start, end))
                arc_speed = min(case.graph.arc_free_speed_kmh[exit_arc], speed)
                yield ahead / arc_speed + off_road / speed, ahead + off_road


def _ends(case, speed, place, *, leaving):
    kind, index = place
    if kind == "node":
        yield None, 0.0, index, 0.0, 0.0
        return
    sites, graph = case.sites, case.graph
    for k in np.flatnonzero(sites.attachment_site_idx == index):
        arc = int(sites.attachment_arc_idx[k])
        at = sites.attachment_offset_km[k]
        on_arc = graph.arc_length_km[arc] - at if leaving else at
        node = int((graph.arc_to_idx if leaving else graph.arc_from_idx)[arc])
        off_road = sites.off_road_km[index]
        arc_speed = min(graph.arc_free_speed_kmh[arc], speed)
        yield arc, at, node, on_arc / arc_speed + off_road / speed, on_arc + off_road


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def banned(rules, clock):
    """The ban that holds at a time, its begin and end; None outside bans."""
    for begin, end in bans(rules):
        if begin - TINY <= clock < end - TINY:
            return begin, end
    return None


def bans(rules):
    """Begin and end of all bans of four weeks, hours."""
    ban = rules.driving_ban
    for day in range(-7, 28) if ban else ():
        if DAYS[day % 7] in ban.days:
            yield 24 * day + ban.from_h, 24 * day + ban.until_h


def ban_wait(rules, clock):
    """Hours until a truck may drive."""
    ban = banned(rules, clock)
    return ban[1] - clock if ban else 0.0


def week_days(rules):
    """Longest drives and rests of two weeks, day by day, written as the law is."""
    week, days = rules.week, []
    for of_week in (week.driving_h, week.two_weeks_driving_h - week.driving_h):
        hours = of_week
        for number in range(week.days):
            most = week.long_day_h if number < week.long_days else rules.max_driving_before_rest_h
            rest = week.reduced_rest_h if number < week.reduced_rests else rules.rest_h
            days.append([min(most, hours), rest])
            hours -= most
            if hours <= 0.0:
                break
        days[-1][1] = week.weekly_rest_h
    return days


def of_day(rules, day):
    """Longest drive on a day, and the rest after it."""
    if rules.week is None:
        return rules.max_driving_before_rest_h, rules.rest_h
    days = week_days(rules)
    return days[day % len(days)]


def first_day(rules, departure):
    if rules.week is None or rules.week.begins == "trip":
        return 0
    day = int(departure // 24) % 7
    return 0 if day == 6 else min(day, rules.week.days - 1)


def set_out(state, rules, cost):
    """Clock, counters, part and day once no ban holds."""
    clock, since_break, since_rest, part, day = state
    stands = ban_wait(rules, clock)
    if stands >= cost + rules.break_h - TINY:
        since_break, part = 0.0, False
    if since_rest > 0.0 and stands >= cost + of_day(rules, day)[1] - TINY:
        since_rest, day = 0.0, day + 1
    return clock + stands, since_break, since_rest, part, day


def drives(hours, state, rules, cost, extra=0.0):
    """All ways to take unplugged breaks and rests: extra hours and the state at the end.

    The state is the clock, both counters, whether the first part of a split break is taken, and
    the day of the driver's week.
    """
    clock, since_break, since_rest, part, day = state
    most, rest = of_day(rules, day)
    slack = min(rules.max_driving_before_break_h - since_break, most - since_rest)
    begins = [ban for ban in bans(rules) if ban[0] >= clock - TINY]
    caught = None
    if begins and begins[0][0] - clock < min(hours, slack) - TINY:
        caught = begins[0]
        slack = caught[0] - clock
    elif hours <= slack + TINY:
        yield extra, (clock + hours, since_break + hours, since_rest + hours, part, day)
        return

    def stand(length):
        """Hours from leaving the road to driving on."""
        return cost + length + ban_wait(rules, clock + cost + length)

    left, since_rest, clock = hours - slack, since_rest + slack, clock + slack
    may_rest = caught is None or caught[1] - caught[0] >= cost + rest - TINY
    if may_rest:
        stood = stand(rest)
        after = (clock + stood, 0.0, 0.0, False, day + 1)
        yield from drives(left, after, rules, cost, extra + stood)
    if (caught and not may_rest) or (not caught and since_rest < most - TINY):
        stood = stand(next_break(part, rules))
        after = (clock + stood, 0.0, since_rest, False, day)
        yield from drives(left, after, rules, cost, extra + stood)


def next_break(part, rules):
    """Length of the next break, hours."""
    return rules.split_break_h[1] if part else rules.break_h


def wait(case, site, clock):
    """Until the point is free behind the last truck that came before."""
    if case.joined_h is None:
        return 0.0
    before = [
        free for at, free in zip(case.joined_h[site], case.free_h[site], strict=True) if at <= clock
    ]
    return max(0.0, before[-1] - clock) if before else 0.0


def overnight_delay(case, site, clock, charge_h, rest_h=None):
    """Delay of an overnight stop whose energy takes so long at high power."""
    if case.lpc_full_from_h is None or clock < case.lpc_full_from_h[site]:
        return 0.0
    return wait(case, site, clock + (rest_h or case.rules.rest_h)) + charge_h


class Charging:
    """How a truck charges: straight lines of power over charge, walked one after the other."""

    def __init__(self, vehicle, point_kw, to_share):
        self.cap = min(point_kw, vehicle.max_charging_kw)
        self.battery, self.to = vehicle.battery_kwh, to_share * vehicle.battery_kwh
        points = vehicle.charging_curve or ((0.0, self.cap),)
        self.soc, self.kw = (np.array(column) for column in zip(*points, strict=True))

    def power(self, energy):
        return min(self.cap, float(np.interp(energy / self.battery, self.soc, self.kw)))

    def lines(self, energy):
        """Ends of the straight lines ahead: where the curve bends or crosses the point's power."""
        bends = [soc * self.battery for soc in self.soc]
        for (a, p), (b, q) in itertools.pairwise(zip(self.soc, self.kw, strict=True)):
            if min(p, q) < self.cap < max(p, q):
                bends.append((a + (self.cap - p) / (q - p) * (b - a)) * self.battery)
        return [bend for bend in sorted(bends) if bend > energy + TINY] + [2 * self.battery]

    def hours(self, energy, charged):
        """Time to charge so much."""
        left, hours = charged, 0.0
        for end in self.lines(energy):
            step = min(left, end - energy)
            p, q = self.power(energy), self.power(energy + step)
            hours += step / p if math.isclose(p, q) else step * math.log(q / p) / (q - p)
            energy, left = energy + step, left - step
            if left <= 0.0:
                return hours
        raise AssertionError

    def after(self, energy, hours):
        """Energy in the battery after so long, by bisection, never less than before."""
        if self.to <= energy or self.hours(energy, self.to - energy) <= hours:
            return max(energy, self.to)
        low, high = energy, self.to
        while high - low > 1e-11 * high:
            middle = (low + high) / 2
            low, high = (
                (middle, high) if self.hours(energy, middle - energy) < hours else (low, middle)
            )
        return low


class Enumeration:
    """All sequences of up to ``depth`` sites, kinds of stop and unplugged breaks of one trip."""

    def __init__(self, case, trip):
        self.case, self.trip = case, trip
        trips = case.trips
        vehicle = case.vehicles[trips.vehicle_class_idx[trip]]
        self.speed = vehicle.mean_speed_kmh
        self.battery = vehicle.battery_kwh
        self.minimum = vehicle.battery_kwh * vehicle.min_soc_share
        self.per_km = (
            vehicle.consumption_loaded_kwh_km
            if trips.is_loaded[trip]
            else vehicle.consumption_empty_kwh_km
        )
        self.hpc = Charging(vehicle, case.charging.hpc_kw, case.charging.hpc_to_share)
        self.lpc = Charging(vehicle, case.charging.lpc_kw, 1.0)
        self.origin = ("node", int(trips.origin_node_idx[trip]))
        self.destination = ("node", int(trips.destination_node_idx[trip]))
        reserve = min(trips.abroad_after_km[trip], case.choice.border_reserve_km)
        self.required = min(self.battery, self.minimum + reserve * self.per_km)
        self.floor = self.minimum
        self.takes_any = False
        self.entry = self.enter()

    def enter(self):
        """Drive in from abroad, kilometre by event."""
        rules, trips = self.case.rules, self.case.trips
        clock, left = trips.departure_h[self.trip], trips.abroad_before_km[self.trip]
        energy = trips.initial_soc_share[self.trip] * self.battery
        since_break = since_rest = 0.0
        day = first_day(rules, clock)
        while left > TINY:
            due = {
                "rest": (of_day(rules, day)[0] - since_rest) * self.speed,
                "break": (rules.max_driving_before_break_h - since_break) * self.speed,
                "energy": max(0.0, energy - self.minimum) / self.per_km,
                "border": left,
            }
            km = min(due.values())
            left -= km
            energy -= km * self.per_km
            clock += km / self.speed
            since_break += km / self.speed
            since_rest += km / self.speed
            if left <= TINY:
                break
            since_break = 0.0
            clock += self.case.stop_cost_h
            if due["rest"] <= km + TINY:
                since_rest, rest = 0.0, of_day(rules, day)[1]
                day += 1
                clock += rest
                energy = self.lpc.after(energy, rest)
            else:
                clock += rules.break_h
                energy = self.hpc.after(energy, rules.break_h)
        return self.entered(clock, energy, since_break, since_rest, day)

    def entered(self, clock, energy, since_break, since_rest, day):
        """Entry once no ban holds."""
        state = (clock, since_break, since_rest, False, day)
        clock, since_break, since_rest, _, day = set_out(
            state, self.case.rules, self.case.stop_cost_h
        )
        return clock, energy, since_break, since_rest, day

    def entries(self):
        """States to enter with in the order they are tried: charged before the border or not."""
        clock, energy, since_break, since_rest, day = self.entry
        yield self.entry
        if self.case.trips.abroad_before_km[self.trip] <= 0.0:
            return
        needed = [self.required + self.per_km * self.way(self.origin, self.destination)]
        needed += [
            self.minimum + self.per_km * self.way(self.origin, ("site", s))
            for s in range(self.case.sites.n_sites)
        ]
        for target in (min(self.hpc.to, *needed), self.hpc.to):
            if target > energy + TINY:
                charging = self.hpc.hours(energy, target - energy)
                charging += self.case.charging.plug_overhead_h
                charging += self.case.stop_cost_h
                yield self.entered(clock + charging, target, since_break, since_rest, day)

    def way(self, start, end):
        return leg(self.case, self.speed, start, end)[1]

    def candidates(self, width_km):
        direct = leg(self.case, self.speed, self.origin, self.destination)[1]
        found = []
        for s in range(self.case.sites.n_sites):
            site = ("site", s)
            km = leg(self.case, self.speed, self.origin, site)[1]
            km += leg(self.case, self.speed, site, self.destination)[1]
            if km - direct <= width_km:
                found.append(s)
        return found

    def penalties(self, width_km):
        likings = {s: liking_h(self.case, self.trip, s) for s in self.candidates(width_km)}
        best = max(likings.values(), default=0.0)
        return {s: best - liking for s, liking in likings.items()}

    def best(self, width_km, depth, at_most=math.inf):
        """Lowest perceived cost, inf where no plan with so many sites costs so little."""
        self.penalty = self.penalties(width_km)
        self.to_go_h = {("site", s): self.least_hours(("site", s)) for s in self.penalty}
        self.to_go_h[self.destination] = 0.0
        self.least = at_most
        self.in_vain = {}
        clock, energy, *counters, day = self.entry
        state = (clock, *counters, False, day)
        self.depart(self.origin, None, 0.0, energy, state, depth)
        return self.least if self.least < at_most else math.inf

    def has_plan(self, width_km, depth):
        """Whether there is any plan with so many sites."""
        self.takes_any = True
        found = not math.isinf(self.best(width_km, depth))
        self.takes_any = False
        return found

    def least_hours(self, start):
        """What any way from there to the destination takes at least: no plan below is passed by."""
        hours, km = leg(self.case, self.speed, start, self.destination)
        if math.isinf(hours):
            return 0.0
        return hours if self.case.weight == "time" else km / self.speed

    def depart(self, place, kind, cost, energy, state, depth):
        """Drive on from a place; the state is as for :func:`drives`."""
        rules = self.case.rules
        for end in [self.destination, *(("site", s) for s in self.penalty)]:
            hours, km = leg(self.case, self.speed, place, end)
            if math.isinf(hours) or cost + hours + self.to_go_h[end] >= self.least:
                continue
            to_site = self.floor if place == self.origin else self.minimum
            needed = self.required if end == self.destination else to_site
            needed += km * self.per_km
            clock, since_break, since_rest, part, day = state
            ready = clock
            start = energy
            if kind == StopKind.HPC_INTERMEDIATE:
                if needed <= energy + TINY or needed > self.hpc.to + TINY:
                    continue
                charging = self.hpc.hours(energy, needed - energy)
                ready += charging
                start = needed
                part = part or self.is_first_part(charging + self.case.charging.plug_overhead_h)
            elif start < needed - TINY:
                continue
            begun = (ready, since_break, since_rest, part, day)
            begun = set_out(begun, rules, self.case.stop_cost_h)
            for extra, after in self.drives_to(end, hours, begun):
                added = begun[0] - clock + hours + extra
                if end == self.destination:
                    # Nothing is less than what ends the search.
                    self.least = 0.0 if self.takes_any else min(self.least, cost + added)
                elif depth > 0:
                    self.stop(end, cost + added, start - km * self.per_km, after, depth - 1)

    def may_queue(self, place):
        kind, index = place
        if kind != "site" or self.case.joined_h is None:
            return False
        return (self.case.free_h[index] > self.case.joined_h[index]).any()

    def drives_to(self, end, hours, state):
        rules, cost = self.case.rules, self.case.stop_cost_h
        for extra, after in drives(hours, state, rules, cost):
            yield extra, after
            if self.may_queue(end):
                clock, _, since_rest, part, day = after
                rest = of_day(rules, day)[1]
                for length, counter, later in (
                    (next_break(part, rules), since_rest, day),
                    (rest, 0.0, day + 1),
                ):
                    stood = cost + length + ban_wait(rules, clock + cost + length)
                    yield extra + stood, (clock + stood, 0.0, counter, False, later)

    def is_first_part(self, hours):
        split = self.case.rules.split_break_h
        return split is not None and hours >= split[0] - TINY

    def stop(self, place, cost, energy, state, depth):
        """Go on from a site in every way; not where a fuller truck has come to no end before.

        Whether there is any way on is a matter of charge alone: clocks only make it longer.
        """
        tried = self.in_vain.setdefault(place, [])
        if any(fuller >= energy and deeper >= depth for fuller, deeper in tried):
            return
        self.go_on(place, cost, energy, state, depth)
        if math.isinf(self.least):
            tried.append((energy, depth))

    def go_on(self, place, cost, energy, state, depth):
        rules, site = self.case.rules, place[1]
        self.depart(place, None, cost, energy, state, depth)
        clock, since_break, since_rest, part, day = state
        clock += self.case.stop_cost_h
        cost += self.case.stop_cost_h
        queue = wait(self.case, site, clock)
        liked = cost + self.penalty[site]
        for length in {rules.break_h, next_break(part, rules)}:
            after = self.hpc.after(energy, length)
            if after > energy + TINY:
                hold = queue + length
                later = (clock + hold, 0.0, since_rest, False, day)
                self.depart(place, StopKind.HPC_BREAK, liked + hold, after, later, depth)
        rest = of_day(rules, day)[1]
        after = self.lpc.after(energy, rest)
        if after > energy + TINY:
            charge_h = self.hpc.hours(energy, after - energy)
            charge_h += self.case.charging.plug_overhead_h
            hold = rest + overnight_delay(self.case, site, clock, charge_h, rest)
            later = (clock + hold, 0.0, 0.0, False, day + 1)
            self.depart(place, StopKind.LPC_REST, liked + hold, after, later, depth)
        overhead = self.case.charging.plug_overhead_h
        hold = queue + overhead
        later = (clock + hold, since_break, since_rest, part, day)
        self.depart(place, StopKind.HPC_INTERMEDIATE, liked + hold, energy, later, depth)
        if rules.split_break_h is None or part:
            return
        length = rules.split_break_h[0]
        after = self.hpc.after(energy, max(0.0, length - overhead))
        if after > energy + TINY:
            hold = queue + length
            later = (clock + hold, since_break, since_rest, True, day)
            self.depart(place, FIRST_PART, liked + hold, after, later, depth)
