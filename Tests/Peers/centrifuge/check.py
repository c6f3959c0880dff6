"""The official Centrifuge client against the simulator: check.py MOONWIRE. The exit code is 0 when all is well."""

import asyncio
import contextlib
import sys
import time

from centrifuge import ReplyError
from simulator import Simulator
from witness import SubscriptionWitness, Witness

PERSONAL = "operator:#389"


@contextlib.asynccontextmanager
async def connected(simulator, **options):
    """A witness with a stream of the demo's operator."""
    if not options:
        tokens = await simulator.login()
        options["data"] = {"application": "notifications", "settings": {"token": tokens["token"]}}
    witness = Witness(simulator, **options)
    await witness.client.connect()
    try:
        await witness.connections(1)
        yield witness
    finally:
        await witness.client.disconnect()


@contextlib.asynccontextmanager
async def cut(simulator, witness):
    """Cuts the stream, and keeps the client out until the block is through."""
    count = len(witness.all("connecting"))
    await simulator.faults(centrifuge={"connect": {"mode": "refused", "code": 503}})
    await simulator.control("streams", action="kill")
    await witness.until(lambda: len(witness.all("connecting")) > count, "the cut")
    yield
    await simulator.faults(centrifuge={"connect": {"mode": "normal"}})
    await witness.connections(count + 1)


async def open_session(simulator):
    session = await simulator.control("sessions", at="389", text="Hello")
    return session["id"]


async def write(simulator, session, texts):
    for text in texts:
        await simulator.control(f"sessions/{session}/client", text=text)


async def server_side_publications(simulator):
    async with connected(simulator) as witness:
        channels = {ctx.channel for ctx in witness.all("subscribed")}
        assert channels == {PERSONAL, "company:1"}, channels
        assert all(ctx.recoverable and ctx.positioned for ctx in witness.all("subscribed"))
        session = await open_session(simulator)
        await write(simulator, session, ["one", "two"])
        await witness.until(lambda: len(witness.bodies()) == 3, "three messages")
        assert witness.bodies() == ["Hello", "one", "two"], witness.bodies()
        assert [started["id"] for started in witness.events("chatSessionStarted")] == [session]
        assert [added["operatorId"] for added in witness.events("chatSessionAdded")] == ["389"]


async def pings(simulator):
    # A pong that comes late or twice would end the connection.
    await simulator.faults(centrifuge={"pingMilliseconds": 1000, "pongWaitMilliseconds": 2000})
    async with connected(simulator) as witness:
        await asyncio.sleep(3.5)
        assert not witness.all("disconnected") and len(witness.all("connected")) == 1, witness.seen


async def batches(simulator):
    await simulator.faults(centrifuge={"holdMilliseconds": 100})
    async with connected(simulator) as witness:
        report = await simulator.control("bulk", messages=200, sessions=2)
        texts = [f"Message {number}" for number in range(1, report["messages"] + 1)]
        await witness.until(lambda: len(witness.bodies()) >= 200, "200 messages")
        assert witness.bodies() == texts


async def a_cut_with_recovery(simulator):
    async with connected(simulator) as witness:
        session = await open_session(simulator)
        for round_number in range(1, 4):
            async with cut(simulator, witness):
                await write(simulator, session, [f"{round_number}.{part}" for part in range(5)])
        await witness.until(lambda: len(witness.bodies()) >= 16, "all messages")
        assert witness.bodies() == ["Hello"] + [f"{cut}.{part}" for cut in range(1, 4) for part in range(5)]
        back = [ctx for ctx in witness.all("subscribed") if ctx.was_recovering]
        assert len(back) == 6 and all(ctx.recovered for ctx in back), back


async def lost_history(simulator):
    async with connected(simulator) as witness:
        session = await open_session(simulator)
        for change in ["lose", "restart"]:
            count = len(witness.all("connected"))
            async with cut(simulator, witness):
                await write(simulator, session, [f"never seen after {change}"])
                await simulator.control("history", change=change, channel=PERSONAL)
            await witness.until(
                lambda: len([ctx for ctx in witness.all("subscribed") if ctx.channel == PERSONAL]) == count + 1,
                "the subscription",
            )
            last = [ctx for ctx in witness.all("subscribed") if ctx.channel == PERSONAL][-1]
            assert last.was_recovering and not last.recovered, last
            await write(simulator, session, [f"live after {change}"])
            await witness.until(lambda: witness.bodies()[-1:] == [f"live after {change}"], "live messages")
        assert witness.bodies() == ["Hello", "live after lose", "live after restart"], witness.bodies()


async def insufficient_state(simulator):
    async with connected(simulator) as witness:
        session = await open_session(simulator)
        await simulator.faults(centrifuge={"insufficientNext": 1})
        await write(simulator, session, ["lost on its way", "after it"])
        await witness.connections(2)
        await witness.until(lambda: len(witness.bodies()) == 3, "three messages")
        assert witness.bodies() == ["Hello", "lost on its way", "after it"], witness.bodies()
        assert witness.all("connecting")[1].code == 3010, witness.seen


async def closures(simulator):
    for code, is_final in [(3001, False), (3005, False), (4400, False), (3500, True), (4501, True)]:
        async with connected(simulator) as witness:
            await simulator.control("streams", action="close", code=code, reason="because")
            if is_final:
                await witness.until(lambda: witness.all("disconnected"), "the end")
                assert [ctx.code for ctx in witness.all("disconnected")] == [code], witness.seen
            else:
                await witness.connections(2)
                assert [ctx.code for ctx in witness.all("connecting")][1:] == [code], witness.seen


async def refusals(simulator):
    data = {"application": "notifications", "settings": {"token": "wrong"}}
    witness = Witness(simulator, data=data)
    await witness.client.connect()
    await witness.until(lambda: witness.all("disconnected"), "the refusal")
    assert witness.all("disconnected")[0].code == 101, witness.seen

    await simulator.faults(centrifuge={"connect": {"mode": "refused", "code": 503, "next": 2}})
    async with connected(simulator) as witness:
        assert len(witness.all("error")) == 2, witness.seen


async def a_subscription_of_the_client(simulator):
    async with connected(simulator) as witness:
        sub = witness.client.new_subscription("public:news", SubscriptionWitness(witness), recoverable=True)
        await sub.subscribe()
        await witness.until(lambda: witness.all("sub.subscribed"), "the subscription")
        for number in range(3):
            await sub.publish({"n": number})
        await witness.until(lambda: len(witness.all("sub.publication")) == 3, "own publications")
        first = witness.all("sub.publication")[0].pub
        assert first.offset == 1 and first.data == {"n": 0} and first.info.user == "389", first

        page = await sub.history(limit=2)
        assert [pub.data["n"] for pub in page.publications] == [0, 1] and page.offset == 3, page
        newest = await sub.history(limit=1, reverse=True)
        assert [pub.data["n"] for pub in newest.publications] == [2], newest
        presence = await sub.presence()
        assert [info.user for info in presence.clients.values()] == ["389"], presence
        stats = await sub.presence_stats()
        assert (stats.num_clients, stats.num_users) == (1, 1), stats

        async with cut(simulator, witness):
            for number in range(3, 6):
                await simulator.control("publish", channel="public:news", data={"n": number})
        await witness.until(lambda: len(witness.all("sub.publication")) == 6, "what was missed")
        assert [ctx.pub.data["n"] for ctx in witness.all("sub.publication")] == list(range(6))
        assert witness.all("sub.subscribed")[1].recovered
        await sub.unsubscribe()


async def calls(simulator):
    async with connected(simulator) as witness:
        result = await witness.client.rpc("echo", {"a": [1, None, "ü"]})
        assert result.data == {"a": [1, None, "ü"]}, result
        slow = asyncio.create_task(witness.client.rpc("wait", {"milliseconds": 1000}))
        quick = await witness.client.rpc("echo", 1)
        assert quick.data == 1 and not slow.done()
        assert (await slow).data == {"milliseconds": 1000}
        for attempt, code in [
            (witness.client.rpc("unknown", {}), 104),
            (witness.client.publish(PERSONAL, {}), 103),
        ]:
            try:
                await attempt
                raise AssertionError(f"error {code} was expected")
            except ReplyError as error:
                assert error.code == code, error


async def refreshed_tokens(simulator):
    await simulator.faults(twin={"loginDisplaces": False}, centrifuge={"graceMilliseconds": 2000})
    tokens = await simulator.login(ttl=2)

    async def renew():
        tokens.update(await simulator.refresh(tokens, ttl=2))
        return tokens["token"]

    async with connected(simulator, token=tokens["token"], get_token=renew) as witness:
        # Longer than the first token and the server's patience together.
        await asyncio.sleep(5)
        assert len(witness.all("connected")) == 1 and not witness.all("error"), witness.seen
        assert (await simulator.counters())["refreshes"] >= 1


CHECKS = [
    server_side_publications, pings, batches, a_cut_with_recovery, lost_history, insufficient_state, closures,
    refusals, a_subscription_of_the_client, calls, refreshed_tokens,
]  # fmt: skip


async def main(moonwire):
    simulator = Simulator(moonwire)
    failures = 0
    try:
        for check in CHECKS:
            name = check.__name__.replace("_", " ")
            begun = time.monotonic()
            try:
                await asyncio.wait_for(check(simulator), 60)
                print(f"passed  {name} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception as error:  # noqa: BLE001
                failures += 1
                print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
            finally:
                await simulator.clear_faults()
                await simulator.control("reset")
    finally:
        status = simulator.stop()
    if status != 0:
        failures += 1
        print(f"FAILED  the simulator ended with status {status}")
    print(f"{len(CHECKS) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
