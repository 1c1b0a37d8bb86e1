// The event loop of planner/simulation/queue_kernel.py once more, as C++ would have it: the same calendar
// queue and rings of charging points, on the same arrays. It leaves out driving bans, traces and the energy
// outside the horizon, so it does a little less.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

struct Session {
    double plug_h;
    double lag_h;
    int32_t station;
    int32_t next_session;
};

struct Planned {
    double arrival_h;
    int32_t session;
    int32_t trip;
};

struct Node {
    double arrival_h;
    int32_t session;
    int32_t next_trip;
};

struct Due {
    double arrival_h;
    int32_t trip;
};

bool is_earlier(double a_h, int32_t a, double b_h, int32_t b) { return a_h < b_h || (a_h == b_h && a < b); }

struct Run {
    std::vector<Node> node;
    std::vector<int32_t> bucket_head;
    std::vector<Due> due;  // latest first
    std::vector<char> is_late;
    std::vector<double> ring;
    std::vector<int64_t> ring_begin, ring_front;

    void insert_due(double arrival_h, int32_t trip) {
        size_t j = due.size();
        due.push_back({arrival_h, trip});
        while (j > 0 && is_earlier(due[j - 1].arrival_h, due[j - 1].trip, arrival_h, trip)) {
            due[j] = due[j - 1];
            --j;
        }
        due[j] = {arrival_h, trip};
    }

    void schedule(double position, int32_t trip) {
        const size_t overflow = bucket_head.size() - 1;
        const size_t bucket = position >= static_cast<double>(overflow) ? overflow : static_cast<size_t>(position);
        node[trip].next_trip = bucket_head[bucket];
        bucket_head[bucket] = trip;
    }

    void occupy(int32_t station, double release_h) {
        const int64_t begin = ring_begin[station], end = ring_begin[station + 1];
        int64_t slot = ring_front[station];
        const int64_t front = slot + 1 == end ? begin : slot + 1;
        ring_front[station] = front;
        while (slot != front) {
            const int64_t before = slot > begin ? slot - 1 : end - 1;
            if (ring[before] <= release_h) break;
            ring[slot] = ring[before];
            slot = before;
        }
        ring[slot] = release_h;
    }
};

}  // namespace

// totals: wait at high-power points, wait at overnight points, processes, rejections, rejected hours, hours outside
extern "C" void run_layout(int64_t n_trips, int64_t n_sites, int64_t n_buckets, int64_t n_planned,
                           const Planned* planned, const Session* session, const double* hold_h,
                           const int32_t* fallback_session,
                           const int64_t* bucket_first_planned, double origin_h, double buckets_per_h, double start_h,
                           double end_h, const int32_t* n_hpc, const int32_t* n_lpc, double* totals) {
    Run run;
    run.node.resize(n_trips);
    run.bucket_head.assign(n_buckets, -1);
    run.is_late.assign(n_planned, 0);
    int64_t slot = 0;
    for (int64_t station = 0; station < 2 * n_sites; ++station) {
        run.ring_begin.push_back(slot);
        run.ring_front.push_back(slot);
        slot += station < n_sites ? n_hpc[station] : n_lpc[station - n_sites];
    }
    run.ring_begin.push_back(slot);
    run.ring.assign(slot, -std::numeric_limits<double>::infinity());
    std::fill(totals, totals + 6, 0.0);
    const int64_t overflow = n_buckets - 1;
    int64_t next_planned = 0, bucket = 0;
    const auto set_late = [&](int64_t at) {
        if (session[at].next_session >= 0) run.is_late[session[at].next_session] = 1;
    };
    for (;;) {
        if (bucket == overflow) {
            int32_t trip = run.bucket_head[overflow];
            if (trip < 0) return;
            run.bucket_head[overflow] = -1;
            double earliest_h = std::numeric_limits<double>::infinity(), latest_h = -earliest_h;
            for (int32_t each = trip; each >= 0; each = run.node[each].next_trip) {
                earliest_h = std::min(earliest_h, run.node[each].arrival_h);
                latest_h = std::max(latest_h, run.node[each].arrival_h);
            }
            origin_h = earliest_h;
            buckets_per_h = static_cast<double>(overflow) / std::max(2.0 * (latest_h - earliest_h), 24.0);
            while (trip >= 0) {
                const int32_t following = run.node[trip].next_trip;
                run.schedule((run.node[trip].arrival_h - origin_h) * buckets_per_h, trip);
                trip = following;
            }
            bucket = 0;
        }
        for (int32_t trip = run.bucket_head[bucket]; trip >= 0; trip = run.node[trip].next_trip)
            run.insert_due(run.node[trip].arrival_h, trip);
        run.bucket_head[bucket] = -1;
        const int64_t last_planned = std::max(bucket_first_planned[bucket + 1], next_planned);
        for (;;) {
            for (; next_planned < last_planned && run.is_late[planned[next_planned].session]; ++next_planned) {
                run.is_late[planned[next_planned].session] = 0;
                set_late(planned[next_planned].session);
            }
            if (next_planned == last_planned && run.due.empty()) break;
            int32_t trip;
            double now_h;
            int64_t at;
            const bool is_on_time =
                next_planned < last_planned &&
                (run.due.empty() || is_earlier(planned[next_planned].arrival_h, planned[next_planned].trip,
                                               run.due.back().arrival_h, run.due.back().trip));
            if (is_on_time) {
                trip = planned[next_planned].trip;
                now_h = planned[next_planned].arrival_h;
                at = planned[next_planned].session;
                ++next_planned;
            } else {
                trip = run.due.back().trip;
                now_h = run.due.back().arrival_h;
                at = run.node[trip].session;
                run.due.pop_back();
            }
            const int32_t station = session[at].station;
            const bool is_hpc = station < n_sites;
            int32_t following = session[at].next_session;
            const bool is_counted = start_h <= now_h && now_h < end_h;
            const bool has_plug = run.ring_begin[station + 1] > run.ring_begin[station];
            const double free_h =
                has_plug ? run.ring[run.ring_front[station]] : std::numeric_limits<double>::infinity();
            double next_arrival_h;
            bool goes_on_as_planned = false;
            if (!is_hpc && free_h > now_h && n_hpc[station - n_sites] > 0) {
                if (is_counted) totals[3] += 1.0;
                following = fallback_session[at];
                totals[4] += session[following].plug_h;
                next_arrival_h = now_h + hold_h[at];
            } else {
                const double plug_in_h = std::max(now_h, free_h);
                goes_on_as_planned = is_on_time && plug_in_h == now_h;
                const double plug_h = session[at].plug_h;
                const double release_h = plug_in_h + plug_h;
                run.occupy(station, release_h);
                if (is_counted) {
                    totals[is_hpc ? 0 : 1] += plug_in_h - now_h;
                    if (is_hpc) totals[2] += 1.0;
                }
                if (is_hpc && (plug_in_h < start_h || release_h > end_h)) {
                    const double inside_h = std::min(release_h, end_h) - std::max(plug_in_h, start_h);
                    totals[5] += plug_h - std::max(inside_h, 0.0);
                }
                next_arrival_h = plug_in_h + session[at].lag_h;
            }
            if (is_on_time && !goes_on_as_planned) set_late(at);
            if (following >= 0 && !goes_on_as_planned) {
                run.node[trip].arrival_h = next_arrival_h;
                run.node[trip].session = following;
                const double position = (next_arrival_h - origin_h) * buckets_per_h;
                if (position >= static_cast<double>(bucket + 1))
                    run.schedule(position, trip);
                else
                    run.insert_due(next_arrival_h, trip);
            }
        }
        ++bucket;
    }
}
