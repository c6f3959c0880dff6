import Testing

@testable import Moonwire

struct EventEndsTests {
    private func event(_ key: String?, channel: ChannelID = "shop") -> Event {
        Event(
            name: "message.created", native: "m", key: key, id: "1", at: Instant(seconds: 1), channel: channel,
            platform: .bonychat, role: .client)
    }

    @Test func whoeverAskedBeforeIsToldOnce() async {
        let ends = EventEnds()
        let (first, second) = (ends.expect("shop", "k"), ends.expect("shop", "k"))
        ends.tell(event("k", channel: "other"), .failed)
        ends.tell(event(nil), .failed)
        ends.tell(event("k"), .handled)
        ends.tell(event("k"), .failed)
        for stream in [first, second] {
            var told: [EventEnd] = []
            for await end in stream { told.append(end) }
            #expect(told == [.handled])
        }
    }

    @Test func whoeverLeavesIsForgotten() async {
        let ends = EventEnds()
        let task = Task { for await _ in ends.expect("shop", "k") {} }
        task.cancel()
        await task.value
        ends.tell(event("k"), .handled)
        let late = ends.expect("shop", "k")
        ends.tell(event("k"), .failed)
        var told: [EventEnd] = []
        for await end in late { told.append(end) }
        #expect(told == [.failed])
    }
}
