"""An official client that keeps everything that it was told."""

import asyncio
import time

from centrifuge import Client, ClientEventHandler, SubscriptionEventHandler


class Witness(ClientEventHandler):
    """The client's events in the order of their arrival, as (name, context)."""

    def __init__(self, simulator, **options):
        self.seen = []
        self.changed = asyncio.Condition()
        options.setdefault("min_reconnect_delay", 0.1)
        self.client = Client(simulator.realtime, events=self, proxy=None, **options)

    async def note(self, name, ctx):
        async with self.changed:
            self.seen.append((name, ctx))
            self.changed.notify_all()

    async def on_connecting(self, ctx):
        await self.note("connecting", ctx)

    async def on_connected(self, ctx):
        await self.note("connected", ctx)

    async def on_disconnected(self, ctx):
        await self.note("disconnected", ctx)

    async def on_error(self, ctx):
        await self.note("error", ctx)

    async def on_subscribed(self, ctx):
        await self.note("subscribed", ctx)

    async def on_unsubscribed(self, ctx):
        await self.note("unsubscribed", ctx)

    async def on_publication(self, ctx):
        await self.note("publication", ctx)

    def all(self, name):
        return [ctx for seen, ctx in self.seen if seen == name]

    def events(self, name):
        """The data of the platform's events of a name."""
        found = [ctx.pub.data for ctx in self.all("publication")]
        return [data["data"] for data in found if data.get("event") == name]

    def bodies(self):
        return [message["body"] for message in self.events("chatMessageCreated")]

    async def until(self, fact, what, seconds=10):
        """Waits until a fact is true of what was seen."""
        deadline = time.monotonic() + seconds
        async with self.changed:
            while not fact():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not seen in {seconds} s: {what}; seen: {self.seen}")
                try:
                    await asyncio.wait_for(self.changed.wait(), left)
                except asyncio.TimeoutError:
                    pass

    async def connections(self, count):
        await self.until(lambda: len(self.all("connected")) >= count, f"{count} connections")


class SubscriptionWitness(SubscriptionEventHandler):
    """The events of one client-side subscription, told to the witness under the name `sub.…`."""

    def __init__(self, witness):
        self.witness = witness

    async def on_subscribed(self, ctx):
        await self.witness.note("sub.subscribed", ctx)

    async def on_subscribing(self, ctx):
        await self.witness.note("sub.subscribing", ctx)

    async def on_unsubscribed(self, ctx):
        await self.witness.note("sub.unsubscribed", ctx)

    async def on_publication(self, ctx):
        await self.witness.note("sub.publication", ctx)

    async def on_join(self, ctx):
        await self.witness.note("sub.join", ctx)

    async def on_error(self, ctx):
        await self.witness.note("sub.error", ctx)
