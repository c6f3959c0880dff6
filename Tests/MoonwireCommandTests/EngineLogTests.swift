import Logging
import Synchronization
import Testing

@testable import Moonwire
@testable import MoonwireCommand

/// What the log says of broadcasts.
struct EngineLogTests {
    @Test(arguments: [
        (
            "the audience function failed: sale.lua:12: no price for lucia@example.com\nstack traceback:\n\tsale.lua:9:",
            "the audience function failed at sale.lua:12"
        ),
        ("shop/main.lua:3: {\"phone\":\"+5215512345678\"}", "a script failed at shop/main.lua:3"),
        (
            "stop_if: 30 of 60 messages failed or are unknown, more than 5 %",
            "stop_if: 30 of 60 messages failed or are unknown, more than 5 %"
        ),
        (
            "the clients of channel 'shop' cannot be listed: no such label as lucia@example.com",
            "the clients of channel 'shop' cannot be listed"
        ), (String(repeating: "x", count: 500), String(repeating: "x", count: 120)),
    ])
    func aReasonIsToldWithoutWhatARowSays(reason: String, told: String) {
        #expect(EngineLog.brief(reason) == told)
    }

    @Test func aBroadcastIsLoggedWithItsReasonInShort() {
        let plan = BroadcastPlan(
            name: "autumn", script: "sale", version: "1", channel: "desk", topic: "promo", audience: .script,
            message: .template("Hi"))
        let record = BroadcastRecord(
            id: BroadcastID(rawValue: 1), key: "k", plan: plan, state: .paused,
            reason: "the audience function failed: sale.lua:12: no price for lucia@example.com",
            counts: BroadcastCounts(), isAudienceComplete: false, position: 0, rejected: 0, duplicates: 0, optOuts: 0,
            rampStep: 0, heldSince: nil, createdAt: Instant(seconds: 1), startedAt: nil, endedAt: nil)
        let log = Lines()
        EngineLog(logger: Logger(label: "test") { _ in Lines.Handler(log: log) }).observer.notify(.broadcast(record))
        #expect(log.all.count == 1)
        #expect(log.all.first?.contains("the audience function failed at sale.lua:12") == true)
        #expect(log.all.first?.contains("lucia") == false)
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        struct Handler: LogHandler {
            let log: Lines
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.info

            init(log: Lines) { self.log = log }

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                log.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
            }
        }
    }
}
