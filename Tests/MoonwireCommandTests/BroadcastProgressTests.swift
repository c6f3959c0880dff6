import Foundation
import Testing

@testable import Moonwire
@testable import MoonwireCommand

/// What a person sees of a broadcast that is going on.
struct BroadcastProgressTests {
    private static let noon = Instant(seconds: 1_795_000_000)

    private func record(
        pending: Int64 = 40, sent: Int64 = 60, heldSince: Instant? = nil, reason: String? = nil
    ) throws -> BroadcastRecord {
        var plan = BroadcastPlan(
            name: "autumn", script: "sale", version: "1", channel: ChannelID(rawValue: "desk"), topic: "promo",
            audience: .script, message: .template("Hi"))
        plan.rampWait = 60_000
        var counts = BroadcastCounts()
        (counts.pending, counts.sent) = (pending, sent)
        return BroadcastRecord(
            id: BroadcastID(rawValue: 1), key: "2026-10-01", plan: plan, state: .running, reason: reason,
            counts: counts, isAudienceComplete: true, position: 100, rejected: 0, duplicates: 0, optOuts: 0,
            rampStep: 0,
            heldSince: heldSince, createdAt: Self.noon, startedAt: Self.noon, endedAt: nil)
    }

    /// After twelve seconds of five a second.
    private func figures(_ record: BroadcastRecord) -> BroadcastFigures {
        BroadcastFigures(record, pace: BroadcastPace(), at: Self.noon + .seconds(12))
    }

    @Test(arguments: [20, 40, 60, 80, 100, 160])
    func theLineIsNeverLongerThanTheTerminal(columns: Int) throws {
        let figures = figures(
            try record(reason: "stop_if: 12 of 60 messages failed or are unknown, more than 3 %"))
        for wait in [nil, "ramp step watched until 16:35:01"] {
            let line = ProgressLine(figures, wait: wait).fitted(to: columns)
            #expect(line.count <= columns, "\(line)")
            #expect(line.contains("…") || line.contains("sent 60"), "\(line)")
        }
    }

    @Test func aWideTerminalShowsAllFigures() throws {
        let line = ProgressLine(figures(try record()), wait: nil).fitted(to: 120)
        #expect(
            line == "autumn 2026-10-01  running  ████████████░░░░░░░░ 60 %  sent 60  skipped 0  failed 0  unknown 0  "
                + "5.0/s  8 s left")
    }

    @Test func aNarrowTerminalLosesTheZerosBeforeThePace() throws {
        let line = ProgressLine(figures(try record()), wait: nil).fitted(to: 70)
        #expect(line == "autumn 2026-10-01  running  ██████░░░░ 60 %  sent 60  5.0/s  8 s left")
    }

    @Test func aStepThatIsWatchedIsSaidInsteadOfARate() throws {
        let record = try record(heldSince: Self.noon)
        let wait = try #require(BroadcastWait(record, nextDue: nil, at: Self.noon + .seconds(10)))
        #expect(wait == .ramp(until: Self.noon + .seconds(60)))
        let utc = try #require(TimeZone(identifier: "UTC"))
        let text = wait.text(at: Self.noon, zone: utc)
        #expect(text == "ramp step watched until 11:07:40")
        let line = ProgressLine(figures(record), wait: text).fitted(to: 200)
        #expect(line.hasSuffix("unknown 0  ramp step watched until 11:07:40"))
        #expect(BroadcastWait(record, nextDue: nil, at: Self.noon + .seconds(60)) == nil)
    }

    @Test func quietHoursAreSaid() throws {
        let morning = Self.noon + .seconds(43_200)
        let wait = try #require(BroadcastWait(try record(), nextDue: morning, at: Self.noon))
        let utc = try #require(TimeZone(identifier: "UTC"))
        #expect(wait.text(at: Self.noon, zone: utc) == "quiet hours until 23:06:40")
        #expect(wait.text(at: Self.noon + .seconds(-86_400), zone: utc) == "quiet hours until 2026-11-18 23:06:40")
        #expect(BroadcastStatus(try record(), waitingFor: wait, at: Self.noon).line.contains("\"waits_for\":\"quiet\""))
        #expect(BroadcastWait(try record(), nextDue: Self.noon, at: Self.noon) == nil)
        #expect(BroadcastWait(try record(pending: 0), nextDue: morning, at: Self.noon) == nil)
    }
}
