"""Scrapes a host while it carries a broadcast, and reads what it serves with the parser of the official client.

The parser takes a text that Prometheus would refuse, so that what the format asks for beyond it is checked here."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

PEOPLE = 60
SCRIPT = """
local news = bot.broadcast("news", { channel = "desk", throttle = "20/s" })
news:audience { csv = "people.csv" }
news:message("Hello {name}")
bot.job("beat", { every = "1s" }, function(tick) bot.store:incr("beats") end)
bot.on("broadcast.finished", function(event) bot.store:set("sent", event.broadcast.sent) end)
bot.on("message.created", { words = { "boom" } }, function() error("boom") end)
"""
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json"})
    # What the environment says about proxies is not meant for this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=20) as answer:
        return answer.headers, answer.read().decode()


def until(fact, what, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = fact()
        except OSError:
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(0.05)


def strict(text):
    """The value of each series by name and labels, once the text is what the format asks for."""
    assert text.endswith("\n"), "the last line has no end"
    described, finished, current, values = {}, set(), None, {}
    for line in text.splitlines():
        if line.startswith("# "):
            word, name, rest = line[2:].split(" ", 2)
            assert word in ("HELP", "TYPE"), line
            assert rest, f"nothing behind the name: {line}"
            if name != current:
                assert name not in finished, f"two groups of {name}"
                finished.add(name)
                current = name
            assert word not in described.setdefault(name, {}), f"twice: {line}"
            assert word == "HELP" or rest in ("counter", "gauge", "histogram"), line
            described[name][word] = rest
        else:
            assert line.startswith(current), f"outside of its group: {line}"
    families = {family.name: family for family in text_string_to_metric_families(text)}
    for name, words in described.items():
        assert set(words) == {"HELP", "TYPE"}, f"{name} lacks a line"
        assert NAME.match(name) and name.startswith(("moonwire_", "metrics_")), name
        kind = words["TYPE"]
        assert (kind == "counter") == name.endswith("_total"), f"{name} is a {kind}"
        family = families[name.removesuffix("_total") if kind == "counter" else name]
        assert family.type == kind, f"{name}: {family.type} is not {kind}"
        assert family.samples, f"{name} has no series"
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in values, f"twice: {key}"
            values[key] = sample.value
            assert all(len(value) <= 100 for value in sample.labels.values()), f"a long label: {key}"
        if kind == "histogram":
            check_histogram(family)
    return values


def check_histogram(family):
    buckets, counts = {}, {}
    for sample in family.samples:
        labels = dict(sample.labels)
        bound = labels.pop("le", None)
        series = tuple(sorted(labels.items()))
        if sample.name.endswith("_bucket"):
            buckets.setdefault(series, []).append((float(bound), sample.value))
        elif sample.name.endswith("_count"):
            counts[series] = sample.value
    for series, pairs in buckets.items():
        assert pairs == sorted(pairs) and [value for _, value in pairs] == sorted(value for _, value in pairs), family.name
        assert pairs[-1] == (float("inf"), counts[series]), family.name


def main(moonwire):
    with tempfile.TemporaryDirectory(prefix="moonwire-metrics-") as folder:
        processes = []
        try:
            run(moonwire, folder, processes)
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(20)


def run(moonwire, folder, processes):
    def start(*arguments):
        process = subprocess.Popen(
            [moonwire, *arguments], stdout=subprocess.PIPE, stderr=open(os.path.join(folder, "log"), "a"), text=True,
            cwd=folder)
        processes.append(process)
        return process

    def command(*arguments):
        done = subprocess.run([moonwire, *arguments], capture_output=True, text=True, cwd=folder, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    platform = json.loads(start("simulate", "--json").stdout.readline())["url"]
    crowd = json.loads(call("POST", f"{platform}/simulator/bulk", {"messages": 0, "sessions": PEOPLE})[1])
    public, private = free_port(), free_port()
    configuration = {
        "journal": {"path": "host.journal"},
        "log": {"level": "warning"},
        "server": {"listen": f"127.0.0.1:{public}", "private": {"listen": f"127.0.0.1:{private}"}},
        "channels": {
            "desk": {
                "platform": "hoory", "role": "operator", "origin": platform, "account": 3,
                "token": "moonwireAccessTokenDocs1", "rate": "1000/s",
            }
        },
        "scripts": ["bot.lua"],
    }
    for name, text in [
        ("moonwire.yaml", json.dumps(configuration)), ("bot.lua", SCRIPT),
        ("people.csv", "session,name\n" + "".join(f"{number},n\n" for number in crowd["conversations"])),
    ]:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    start("run", "--config", "moonwire.yaml")
    address = f"http://127.0.0.1:{private}/metrics"
    headers, _ = until(lambda: call("GET", address), "the host answers")
    assert headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8", headers["content-type"]
    try:
        call("GET", f"http://127.0.0.1:{public}/metrics")
        raise AssertionError("the public listener shows the metrics")
    except urllib.error.HTTPError as error:
        assert error.code == 404, error.code

    def scrape():
        return strict(call("GET", address)[1])

    def value(values, name, **labels):
        return values.get((name, tuple(sorted(labels.items()))))

    until(lambda: value(scrape(), "moonwire_channel_up", channel="desk") == 1, "the channel is up")
    call("POST", f"{platform}/simulator/conversations/{crowd['conversations'][0]}/client", {"content": "boom"})
    command("broadcast", "start", "news", "--key", "k 1\"\\")
    news = {"broadcast": "news", "key": "k 1\"\\"}

    def recipients(values):
        return {
            state: sum(
                count for (name, labels), count in values.items()
                if name == "moonwire_broadcast_recipients" and ("state", state) in labels)
            for state in ("pending", "claimed", "sent", "skipped", "failed", "unknown")
        }

    looks = []

    def is_over():
        looks.append(scrape())
        return value(looks[-1], "moonwire_broadcast_state", state="finished", **news) == 1

    until(is_over, "the broadcast is over")
    middle = [look for look in looks if 0 < recipients(look)["sent"] < PEOPLE]
    assert middle, "nothing was seen while it went on"
    for look in middle:
        if sum(recipients(look).values()) == PEOPLE:
            break
    else:
        raise AssertionError(f"no look adds up: {recipients(middle[-1])}")
    assert any((value(look, "moonwire_broadcast_seconds_left", **news) or 0) > 0 for look in middle)
    sent = [recipients(look)["sent"] for look in looks]
    assert sent == sorted(sent), "sent went down"

    # The words and numbers are those of the command.
    status = json.loads(command("broadcast", "status", "news", "--json"))
    last = recipients(looks[-1])
    assert all(status[state] == count for state, count in last.items()), (status, last)
    assert status["sent"] == PEOPLE and "skipped_by" in status and "rate" in status, status

    until(lambda: value(scrape(), "moonwire_job_ticks_total", job="beat", outcome="ran"), "the job ran")
    end = until(
        lambda: (values := scrape()) and value(values, "moonwire_dead_letters_total") == 1 and values,
        "the failed run is counted")
    wanted = {
        ("moonwire_runs_ended_total", (("state", "failed"),)): 1,
        ("moonwire_effects_total", (("channel", "desk"), ("outcome", "failed"))): 0,
        ("moonwire_effects_total", (("channel", "desk"), ("outcome", "unknown"))): 0,
        ("moonwire_journal_readable", ()): 1,
        ("metrics_series_refused_total", ()): 0,
    }
    for key, count in wanted.items():
        assert end.get(key) == count, (key, end.get(key))
    assert value(end, "moonwire_effects_total", channel="desk", outcome="done") >= PEOPLE
    assert value(end, "moonwire_effect_duration_seconds_count", channel="desk") >= PEOPLE
    assert value(end, "moonwire_events_admitted_total", channel="desk") >= 1
    # A tick or more, and the broadcast's start and end.
    assert value(end, "moonwire_events_admitted_total", channel="host") >= 3
    assert value(end, "moonwire_journal_commit_duration_seconds_count") > 0
    assert value(end, "moonwire_job_next_due_timestamp_seconds", job="beat") > time.time() - 60
    assert value(end, "moonwire_job_last_lateness_seconds", job="beat") < 60
    print(f"{len(looks)} looks at {len(end)} series; {len(middle)} of them while the broadcast went on")


main(os.path.abspath(sys.argv[1]))
