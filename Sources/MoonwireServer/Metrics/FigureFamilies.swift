import Moonwire
import PrometheusMetrics

/// A host's figures as metrics.
///
/// Labels are names of channels, jobs and broadcasts and words of the host's own. A broadcast's key is the script's; a
/// long one is cut, so that nothing large becomes a label.
struct FigureFamilies {
    private static let longestKey = 64

    private let figures: EngineFigures

    init(_ figures: EngineFigures) {
        self.figures = figures
    }

    var all: [MetricFamily] { host + jobs + broadcasts }

    private var host: [MetricFamily] {
        var families = [
            Self.gauge(
                "moonwire_ready", "Whether the host can do its work now, as /readyz says.", figures.health.isReady),
            Self.gauge("moonwire_journal_readable", "Whether the journal can be read.", figures.health.journal),
            Self.gauge("moonwire_lanes_alive", "Whether all lanes answer.", figures.health.lanes),
        ]
        var up = MetricFamily("moonwire_channel_up", .gauge, help: "Whether the channel's stream brings events.")
        var states = MetricFamily("moonwire_channel_state", .gauge, help: "1 for the state of the channel's stream.")
        for (channel, stream) in figures.health.streams.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            up.add(stream == .up || stream == .filling ? 1 : 0, ("channel", channel.rawValue))
            for state in HostHealth.Stream.allCases {
                states.add(state == stream ? 1 : 0, ("channel", channel.rawValue), ("state", state.rawValue))
            }
        }
        families += [up, states]
        if let lanes = figures.lanes {
            families += [
                Self.gauge(
                    "moonwire_runs_executing", "Runs between two steps or with an effect under way.", lanes.executing),
                Self.gauge(
                    "moonwire_runs_waiting", "Runs in memory that wait for an event or the clock.", lanes.waiting),
                Self.gauge(
                    "moonwire_sessions_asleep", "Sessions whose waiting runs are in the journal only.", lanes.asleep),
                Self.gauge("moonwire_sessions_queued", "Sessions with events that wait for their turn.", lanes.queued),
                Self.gauge("moonwire_script_versions", "Versions of scripts that are loaded.", lanes.scripts),
            ]
        }
        return families
    }

    private var jobs: [MetricFamily] {
        var next = MetricFamily(
            "moonwire_job_next_due_timestamp_seconds", .gauge, help: "When the job is due next, in seconds since 1970.")
        var paused = MetricFamily("moonwire_job_paused", .gauge, help: "Whether a person has stopped the job.")
        for job in figures.jobs where !job.isRetired {
            if let due = job.nextDue { next.add(due.seconds, ("job", job.name)) }
            paused.add(job.isPaused ? 1 : 0, ("job", job.name))
        }
        return [next, paused]
    }

    private var broadcasts: [MetricFamily] {
        var recipients = MetricFamily(
            "moonwire_broadcast_recipients", .gauge,
            help: "Recipients of a broadcast by what became of them; of skipped ones also why.")
        var state = MetricFamily("moonwire_broadcast_state", .gauge, help: "1 for the broadcast's state.")
        var rate = MetricFamily("moonwire_broadcast_sent_rate", .gauge, help: "Messages sent a second, lately.")
        var left = MetricFamily(
            "moonwire_broadcast_seconds_left", .gauge,
            help: "How long it takes at this pace until everybody has had a turn; only while it runs.")
        var optOuts = MetricFamily(
            "moonwire_broadcast_opt_outs", .gauge, help: "Recipients who opted out after their message.")
        for broadcast in figures.broadcasts {
            let name = ("broadcast", broadcast.name)
            let key = ("key", Self.label(broadcast))
            func add(_ count: Int64, _ state: RecipientState, _ reason: String = "") {
                recipients.add(Double(count), name, key, ("state", state.word), ("reason", reason))
            }
            add(broadcast.pending, .pending)
            add(broadcast.claimed, .claimed)
            add(broadcast.sent, .sent)
            for (reason, count) in broadcast.skippedBy.byReason { add(count, .skipped, reason) }
            add(broadcast.failed, .failed)
            add(broadcast.unknown, .unknown)
            for word in BroadcastState.allCases.map(\.word) where word != BroadcastState.deleted.word {
                state.add(word == broadcast.state ? 1 : 0, name, key, ("state", word))
            }
            rate.add(broadcast.rate, name, key)
            if let seconds = broadcast.secondsLeft { left.add(seconds, name, key) }
            optOuts.add(Double(broadcast.optOuts), name, key)
        }
        return [recipients, state, rate, left, optOuts]
    }

    private static func label(_ broadcast: BroadcastFigures) -> String {
        guard broadcast.key.utf8.count > longestKey else { return broadcast.key }
        return String(decoding: broadcast.key.utf8.prefix(longestKey), as: UTF8.self) + "#\(broadcast.id)"
    }

    private static func gauge(_ name: String, _ help: String, _ flag: Bool) -> MetricFamily {
        gauge(name, help, flag ? 1 : 0)
    }

    private static func gauge(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
        var family = MetricFamily(name, .gauge, help: help)
        family.add(Double(value))
        return family
    }
}
