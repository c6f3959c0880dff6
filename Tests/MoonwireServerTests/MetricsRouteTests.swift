import CoreMetrics
import Foundation
import Moonwire
import PrometheusMetrics
import Testing

@testable import MoonwireServer

struct MetricsRouteTests {
    private static let noon = Instant(seconds: 1_795_000_000)

    private func broadcast(_ key: String, state: BroadcastState = .running) -> BroadcastFigures {
        let plan = BroadcastPlan(
            name: "autumn", script: "sale", version: "1", channel: "desk", topic: "promo", audience: .script,
            message: .template("Hi"))
        var counts = BroadcastCounts()
        (counts.pending, counts.claimed, counts.sent) = (30, 2, 60)
        (counts.skipped, counts.failed, counts.unknown) = (7, 1, 0)
        var skips = BroadcastFigures.Skips()
        (skips.optedOut, skips.frequencyCap) = (4, 2)
        let record = BroadcastRecord(
            id: BroadcastID(rawValue: 9), key: key, plan: plan, state: state, reason: nil, counts: counts,
            skips: skips, isAudienceComplete: true, position: 100, rejected: 0, duplicates: 0, optOuts: 3, rampStep: 0,
            heldSince: nil, createdAt: Self.noon, startedAt: Self.noon, endedAt: nil)
        return BroadcastFigures(record, pace: BroadcastPace(), at: Self.noon + .seconds(10))
    }

    private func lines(_ figures: EngineFigures, _ registry: MetricsRegistry = MetricsRegistry()) async throws
        -> [String]
    {
        let answer = try await withServer(privately: [MetricsRoute(registry) { figures }]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n")
                return try await wire.answer()
            }
        }
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return answer.body.split(separator: "\n").map(String.init)
    }

    @Test func aBroadcastStandsThereWithTheWordsOfItsEventsAndCommands() async throws {
        let figures = EngineFigures(
            health: HostHealth(journal: true, lanes: true, streams: [:]), lanes: nil, jobs: [],
            broadcasts: [broadcast("2026-10-01"), broadcast("2026-09-01", state: .finished)])
        let lines = try await lines(figures).filter { $0.contains("2026-10-01") }
        #expect(
            lines == [
                #"moonwire_broadcast_opt_outs{broadcast="autumn",key="2026-10-01"} 3"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",state="pending"} 30"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",state="claimed"} 2"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",state="sent"} 60"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",reason="opted_out",state="skipped"} 4"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",reason="frequency_cap",state="skipped"} 2"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",reason="cancelled",state="skipped"} 0"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",reason="other",state="skipped"} 1"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",state="failed"} 1"#,
                #"moonwire_broadcast_recipients{broadcast="autumn",key="2026-10-01",state="unknown"} 0"#,
                #"moonwire_broadcast_seconds_left{broadcast="autumn",key="2026-10-01"} 5"#,
                #"moonwire_broadcast_sent_rate{broadcast="autumn",key="2026-10-01"} 6"#,
                #"moonwire_broadcast_state{broadcast="autumn",key="2026-10-01",state="draft"} 0"#,
                #"moonwire_broadcast_state{broadcast="autumn",key="2026-10-01",state="running"} 1"#,
                #"moonwire_broadcast_state{broadcast="autumn",key="2026-10-01",state="paused"} 0"#,
                #"moonwire_broadcast_state{broadcast="autumn",key="2026-10-01",state="finishing"} 0"#,
                #"moonwire_broadcast_state{broadcast="autumn",key="2026-10-01",state="finished"} 0"#,
                #"moonwire_broadcast_state{broadcast="autumn",key="2026-10-01",state="cancelled"} 0"#,
            ])
    }

    @Test func aLongKeyIsCutAndStaysItsOwn() async throws {
        let figures = EngineFigures(
            health: HostHealth(journal: true, lanes: true, streams: [:]), lanes: nil, jobs: [],
            broadcasts: [broadcast(String(repeating: "k", count: 5000))])
        let rate = try await lines(figures).filter { $0.hasPrefix("moonwire_broadcast_sent_rate") }
        #expect(
            rate == [
                #"moonwire_broadcast_sent_rate{broadcast="autumn",key="\#(String(repeating: "k", count: 64))#9"} 6"#
            ])
    }

    @Test func channelsLanesAndJobsAreThere() async throws {
        let job = JobRecord(
            script: "sale",
            declaration: JobDeclaration(
                name: "report", schedule: .every(.seconds(60)), terms: JobTerms(), location: "a:1"),
            nextDue: Self.noon)
        let figures = EngineFigures(
            health: HostHealth(journal: true, lanes: false, streams: ["desk": .down, "shop": .up]),
            lanes: nil, jobs: [job], broadcasts: [])
        let registry = MetricsRegistry()
        Counter(label: "moonwire_runs_started_total", factory: registry).increment(by: 5)
        let lines = try await lines(figures, registry)
        for line in [
            #"moonwire_channel_up{channel="desk"} 0"#, #"moonwire_channel_up{channel="shop"} 1"#,
            #"moonwire_channel_state{channel="desk",state="down"} 1"#, "moonwire_lanes_alive 0", "moonwire_ready 0",
            #"moonwire_job_next_due_timestamp_seconds{job="report"} 1795000000"#,
            #"moonwire_job_paused{job="report"} 0"#, "moonwire_runs_started_total 5",
        ] { #expect(lines.contains(line), "\(line)") }
    }
}
