"""Prints what compare.py has measured: two contestants side by side, with their ratio, and the goals."""


def table(head, rows):
    """Columns wide enough for their longest cell; the first is text, the others are figures."""
    cells = [head] + [[show(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        print("  " + "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))).rstrip())
    print()


def show(value):
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def ratio(moonwire, floor):
    return None if not floor or moonwire is None else moonwire / floor


def print_throughput(results):
    """Each way of a message beside the others: the same rows, three columns a way."""
    print("Event received to reply at the platform (1 KiB events; journal on)\n")
    rows = []
    for name in next(iter(results.values()))["floor"]["phases"]:
        label = f"{name} in flight" if "/" not in name else f"{name} steady"
        for title, read in (
            ("events/s", lambda phase: phase["events_per_second"]),
            ("p50 µs", lambda phase: phase["latency_us"]["p50"]),
            ("p99 µs", lambda phase: phase["latency_us"]["p99"]),
            ("CPU µs/event", lambda phase: phase["cpu_us_per_event"]),
            ("peak MiB", lambda phase: phase["rss_peak_kib"] and phase["rss_peak_kib"] / 1024),
        ):
            row = [f"{label}, {title}"]
            for played in results.values():
                first, second = (read(played[contestant]["phases"][name]) for contestant in ("floor", "moonwire"))
                row += [first, second, ratio(second, first)]
            rows.append(row)
    head = [""]
    for stream in results:
        head += [f"{stream}: C floor", "Moonwire", "ratio"]
    table(head, rows)


def print_rest(start, space, single, sessions):
    print("At rest\n")
    rows = []
    for stream, started in start.items():
        rows += [
            [f"start to connected, {stream}, ms"] + [started[name]["connected_ms"] for name in ("floor", "moonwire")],
            [f"idle memory, {stream}, MiB"] + [started[name]["idle_kib"] / 1024 for name in ("floor", "moonwire")],
        ]
    rows += [
        ["per loaded script, KiB", None, space["per_script_kib"]],
        [f"per session of {sessions:,}, KiB", None, space["per_session_kib"]],
        [f"per session with a waiting run of {sessions:,}, KiB", None, space["per_waiting_session_kib"]],
    ]
    table(["", "C floor", "Moonwire", "ratio"], [row + [ratio(row[2], row[1])] for row in rows])
    print("Single operations\n")
    mine = single.get("moonwire", {})
    keys = [key for key in {**single["floor"], **mine} if is_figure(key)]
    rows = [[key, single["floor"].get(key), mine.get(key), ratio(mine.get(key), single["floor"].get(key))]
            for key in keys]
    table(["", "C", "Moonwire", "ratio"], rows)


def print_dialogs(dialogs, single):
    if not dialogs:
        return
    print("Dialogs that wait\n")
    resumed = single["floor"].get("coroutine_40_resumes_ns")
    rebuilt = single["moonwire"].get("rebuild_40_steps_ns")
    table(["", "C floor", "Moonwire", "ratio"], [
        ["rebuild a run of 40 steps, µs (floor: resume 40 times)", resumed / 1000, rebuilt / 1000,
         ratio(rebuilt, resumed)],
        [f"start with {dialogs['dialogs_waiting']:,} waiting, ms", None, dialogs["dialogs_start_ms"], None],
        ["memory after that start, MiB", None, dialogs["dialogs_start_memory_mib"], None],
        ["from a client's answer to the next effect, p50 ms", None, dialogs["dialogs_wake_p50_us"] / 1000, None],
        ["the same, p99 ms", None, dialogs["dialogs_wake_p99_us"] / 1000, None],
    ])


def is_figure(key):
    """Whether a key of the single operations is a result; the others tell what was done."""
    return key.endswith(("_ns", "_per_second", "_per_request", "_per_row", "_per_event", "_us"))


def goals(results, start, dialogs):
    measured = []
    for stream, played in results.items():
        hundred = {name: played[name]["phases"]["100"]["cpu_us_per_event"] for name in played}
        steady = played["moonwire"]["phases"]["2000/s"]["latency_us"]["p99"]
        measured += [
            (f"CPU per event at 100 in flight, {stream}, times the C floor",
             ratio(hundred["moonwire"], hundred["floor"]), 1.8),
            (f"p99 at 2,000 events a second, {stream}, ms", steady / 1000, 1.0),
        ]
    for stream, started in start.items():
        measured += [
            (f"idle memory, {stream}, MiB", started["moonwire"]["idle_kib"] / 1024, 40.0),
            (f"start to connected, {stream}, ms", started["moonwire"]["connected_ms"], 60.0),
        ]
    if dialogs:
        measured += [
            (f"start with {dialogs['dialogs_waiting']:,} waiting dialogs, s", dialogs["dialogs_start_ms"] / 1000, 5.0),
            ("memory after that start, MiB", dialogs["dialogs_start_memory_mib"], 300.0),
            ("median to wake one, ms", dialogs["dialogs_wake_p50_us"] / 1000, 5.0),
        ]
    return [{"goal": name, "limit": limit, "measured": value, "reached": value is not None and value <= limit}
            for name, value, limit in measured]
