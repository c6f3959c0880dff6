"""Runs Moonwire and the C floor against the same platform, one after the other, and prints what each needs.

Called by scripts/bench, which builds everything first. Each contestant gets a platform, a journal and a folder of its
own. The exit code is not 0 when Moonwire lost, repeated, misdirected or reordered a reply; missed goals are only told.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from report import goals, print_dialogs, print_rest, print_throughput, table
from stage import CHANNELS, PONG, Bench, Failure, Process

# The first event of a session begins a run that never ends: between two events it waits.
WAITING = """\
bot.on("message.created", function(event, session)
  while event do
    session:reply("pong " .. event.message.text:match("%d+"))
    event = session:wait_for("message.created", { timeout = "1h" })
  end
end)
"""

CONTESTANTS = ("floor", "moonwire")
SCRIPT_COPIES = 100
MANY_SESSIONS = 10_000


def scaled(count, options):
    return max(count // 10, 1000) if options.quick else count


def throughput(bench, options):
    phases = [
        f"name=1,in-flight=1,events={scaled(20000, options)}",
        f"name=100,in-flight=100,events={scaled(200000, options)}",
        f"name=1000,in-flight=1000,events={scaled(200000, options)}",
        f"name=2000/s,rate=2000,seconds={3 if options.quick else 20}",
    ]
    results = {}
    for stream in CHANNELS:
        results[stream] = {}
        for contestant in CONTESTANTS:
            progress(f"{contestant}, {stream}: {', '.join(phase.split(',')[0][5:] for phase in phases)}")
            results[stream][contestant] = bench.run(contestant, phases, stream)
    return results


def check(bench):
    """A few events for each contestant over each stream; answers what went wrong."""
    found = []
    for stream in CHANNELS:
        for contestant in CONTESTANTS:
            progress(f"{contestant}, {stream}")
            played = bench.run(
                contestant, ["name=check,in-flight=10,events=500,warmup=100,sessions=50"], stream, settle="200ms")
            found += [f"{fault}: {contestant}, {stream}" for fault in phase_faults(played["phases"])]
    return found


def start_up(bench, options):
    """Start to connected and idle memory, the median of several starts."""
    tiny = ["name=tiny,in-flight=1,events=100,warmup=0"]
    results = {}
    for stream in CHANNELS:
        results[stream] = {}
        for contestant in CONTESTANTS:
            progress(f"{contestant}, {stream}: start to connected")
            reports = [bench.run(contestant, tiny, stream, settle="500ms") for _ in range(3 if options.quick else 7)]
            results[stream][contestant] = {
                "connected_ms": statistics.median(report["connected_ms"] for report in reports),
                "idle_kib": statistics.median(report["idle"]["rss_kib"] for report in reports),
            }
    return results


def memory(bench, options):
    """What a script and a session cost while nothing happens."""
    tiny = ["name=tiny,in-flight=1,events=100,warmup=0"]
    progress("moonwire: memory of scripts")
    example = os.path.join(os.path.dirname(__file__), "..", "..", "examples", "order_status.lua")
    copies = [(f"copy{number}.lua", example) for number in range(SCRIPT_COPIES)]
    alone = bench.run("moonwire", tiny)["idle"]["rss_kib"]
    together = bench.run("moonwire", tiny, scripts=copies)["idle"]["rss_kib"]
    results = {"per_script_kib": (together - alone) / SCRIPT_COPIES}
    events = 2 * MANY_SESSIONS
    phases = [
        # The same amount of work over few sessions first, so that only the number of sessions differs.
        f"name=few,in-flight=100,events={events},sessions=100,warmup=0",
        f"name=many,in-flight=100,events={events},sessions={MANY_SESSIONS},warmup=0",
    ]
    for name, script in (("session", PONG), ("waiting_session", WAITING)):
        progress(f"moonwire: memory of {MANY_SESSIONS} sessions ({name.replace('_', ' ')})")
        played = bench.run("moonwire", phases, pong=script)["phases"]
        few, many = played["few"], played["many"]
        results[f"per_{name}_kib"] = (many["rss_end_kib"] - few["rss_end_kib"]) / MANY_SESSIONS
        results[f"{name}s_rss_kib"] = many["rss_end_kib"]
        results[f"{name}s_faults"] = phase_faults(played)
    return results


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def micro(bench, options):
    """Single operations, in C and in Moonwire, which takes the same options and prints the same keys."""
    progress("single operations")
    folder = os.path.join(bench.folder, "micro")
    os.mkdir(folder)
    port = free_port()
    if shutil.which("nginx"):
        with open(os.path.join(folder, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(
                f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
                "events { worker_connections 1024; }\n"
                "http { access_log off; keepalive_requests 100000000;\n"
                + "".join(f"  {kind}_temp_path {folder};\n"
                          for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
                + f"  server {{ listen 127.0.0.1:{port}; location / {{"
                " default_type application/json; return 200 '{\"id\":1,\"content\":\"pong\"}'; } } }\n")
        server = Process(["nginx", "-e", "stderr", "-p", folder, "-c", f"{folder}/nginx.conf"], folder, "nginx")
    else:
        server = Process([bench.program("bench-platform"), "--port", str(port)], folder, "bench-platform")
    results = {}
    with server:
        wait_for_port(port, server)
        contestants = {"floor": bench.program("bench-microfloor")}
        if options.moonwire_bench:
            contestants["moonwire"] = options.moonwire_bench
        for name, program in contestants.items():
            journal = os.path.join(folder, name)
            os.mkdir(journal)
            done = subprocess.run(
                [program, "--url", f"http://127.0.0.1:{port}/", "--in-flight", "64",
                 "--requests", str(scaled(200000, options)), "--directory", journal],
                stdin=subprocess.DEVNULL, capture_output=True, check=False)
            if done.returncode != 0:
                raise Failure(f"{program} failed: {done.stderr.decode(errors='replace')}")
            results[name] = json.loads(done.stdout)
    return results


def dialogs(bench, options):
    """A host that starts on a journal full of waiting dialogs; filling it and measuring are processes of their own."""
    if not options.moonwire_bench:
        return None
    count = 100_000 if options.quick else 1_000_000
    progress(f"{count:,} waiting dialogs")
    journal = os.path.join(bench.folder, "dialogs.journal")
    answer = b"{}"
    for arguments in (["--make-dialogs", str(count)], []):
        done = subprocess.run(
            [options.moonwire_bench, "--dialogs", journal, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
            check=False)
        if done.returncode != 0:
            raise Failure(f"{options.moonwire_bench} failed: {done.stderr.decode(errors='replace')}")
        answer = done.stdout
    return json.loads(answer)


def wait_for_port(port, server):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.child.poll() is not None:
            break
        time.sleep(0.05)
    raise server.complaint("does not listen")


def machine():
    model = ""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        pass
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, check=False, text=True)
    return {
        "processor": model, "processors": os.cpu_count(), "system": f"{platform.system()} {platform.release()}",
        "load": os.getloadavg()[0], "commit": commit.stdout.strip(), "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def progress(text):
    print(f"  … {text}", file=sys.stderr, flush=True)


def phase_faults(phases):
    """What must be zero for the figures to mean anything."""
    return [f"{phase[kind]} {kind} in phase {name}" for name, phase in phases.items()
            for kind in ("lost", "duplicates", "misrouted", "reordered") if phase[kind]]


def faults(results, space):
    found = [f"{fault}, {stream}" for stream, played in results.items()
             for fault in phase_faults(played["moonwire"]["phases"])]
    for key in ("sessions_faults", "waiting_sessions_faults"):
        found += [f"{fault} of the run for {key[:-7].replace('_', ' ')}" for fault in space[key]]
    return found


def complain(found):
    for fault in found:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moonwire", required=True, help="the built program")
    parser.add_argument("--moonwire-bench", help="the program that measures single operations, when there is one")
    parser.add_argument("--programs", required=True, help="the folder of the C programs")
    parser.add_argument("--quick", action="store_true", help="a tenth of the events")
    parser.add_argument("--check", action="store_true", help="measure nothing: only see whether all events are answered")
    parser.add_argument("--json", help="a file for all results")
    options = parser.parse_args()
    for name in ("moonwire", "moonwire_bench", "programs", "json"):
        if getattr(options, name):
            setattr(options, name, os.path.abspath(getattr(options, name)))
    # A plain kill must end the children as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    about = machine()
    with tempfile.TemporaryDirectory(prefix="moonwire-bench-") as folder:
        bench = Bench(options, folder)
        if options.check:
            return complain(check(bench))
        results = throughput(bench, options)
        start = start_up(bench, options)
        space = memory(bench, options)
        single = micro(bench, options)
        waiting = dialogs(bench, options)
    print(f"\n{about['processor']}, {about['processors']} processors, {about['system']}, "
          f"load {about['load']:.1f} at the start, commit {about['commit'] or 'unknown'}\n")
    print_throughput(results)
    print_rest(start, space, single, MANY_SESSIONS)
    print_dialogs(waiting, single)
    reached = goals(results, start, waiting)
    print("Goals\n")
    table(["", "limit", "measured", ""],
          [[goal["goal"], goal["limit"], goal["measured"], "reached" if goal["reached"] else "MISSED"]
           for goal in reached])
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": about, "throughput": results, "start": start, "memory": space, "single": single,
                       "dialogs": waiting, "goals": reached}, file, indent=2)
            file.write("\n")
    return complain(faults(results, space))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
