import CoreMetrics
import Synchronization

/// What the engine counts, with the handles made once: whoever counts pays one addition.
///
/// Labels are names of the configuration and of scripts and words of the host's own, never anything that a client wrote.
final class EngineMetrics: Sendable {
    private let runsStarted, deadLetters: Counter
    private let eventsHandled, eventsUnmatched, eventsFailed: Counter
    private let runsDone, runsFailed, runsDead: Counter
    let http: OutcomeMetrics
    let channels: [ChannelID: ChannelMetrics]
    /// Of what reaches the host beside its channels: ticks, webhooks, pages.
    let host: IntakeMetrics
    private let factory: any MetricsFactory
    private let jobs = Mutex<[String: JobMetrics]>([:])

    init(_ factory: any MetricsFactory = NOOPMetricsHandler.instance, channels: [ChannelID] = []) {
        self.factory = factory
        func counter(_ name: String, _ dimensions: (String, String)...) -> Counter {
            Counter(label: name, dimensions: dimensions, factory: factory)
        }
        runsStarted = counter("moonwire_runs_started_total")
        deadLetters = counter("moonwire_dead_letters_total")
        eventsHandled = counter("moonwire_events_ended_total", ("end", "handled"))
        eventsUnmatched = counter("moonwire_events_ended_total", ("end", "unmatched"))
        eventsFailed = counter("moonwire_events_ended_total", ("end", "failed"))
        runsDone = counter("moonwire_runs_ended_total", ("state", "done"))
        runsFailed = counter("moonwire_runs_ended_total", ("state", "failed"))
        runsDead = counter("moonwire_runs_ended_total", ("state", "dead"))
        http = OutcomeMetrics("moonwire_http_requests_total", "moonwire_http_request_duration_seconds", [], factory)
        host = IntakeMetrics(.host, factory)
        self.channels = Dictionary(
            channels.map { ($0, ChannelMetrics($0, factory)) }, uniquingKeysWith: { first, _ in first })
    }

    func runStarted() { runsStarted.increment() }

    func buried() { deadLetters.increment() }

    func ended(_ end: EventEnd) {
        switch end {
        case .handled: eventsHandled.increment()
        case .unmatched: eventsUnmatched.increment()
        case .failed: eventsFailed.increment()
        }
    }

    func ended(_ state: RunEnd.State) {
        switch state {
        case .done: runsDone.increment()
        case .failed: runsFailed.increment()
        case .dead: runsDead.increment()
        }
    }

    func ended(_ tick: TickID, _ state: TickRecord.State, count: Int = 1) {
        let job = job(tick.job)
        switch state {
        case .queued, .running: break
        case .ran: job.ran.increment(by: count)
        case .failed: job.failed.increment(by: count)
        case .missed: job.missed.increment(by: count)
        case .overlapped: job.overlapped.increment(by: count)
        }
    }

    /// Takes note of what is written down of jobs.
    func note(_ entries: [JobEntry], at now: Instant) {
        for entry in entries {
            switch entry {
            case .tick(let tick):
                if tick.state == .running, tick.origin == .schedule {
                    job(tick.id.job).lateness.set(max(now.seconds - tick.id.due.seconds, 0))
                }
                ended(tick.id, tick.state, count: tick.count)
            case .ended(let tick, let state, _, _): ended(tick, state)
            case .keep, .started: break
            }
        }
    }

    private func job(_ name: String) -> JobMetrics {
        jobs.withLock { jobs in
            if let known = jobs[name] { return known }
            let new = JobMetrics(name, factory)
            jobs[name] = new
            return new
        }
    }
}

/// How things that leave the host end, and how long they take.
struct OutcomeMetrics: Sendable {
    private let done, failed, unknown: Counter
    private let duration: Timer

    init(_ name: String, _ durationName: String, _ labels: [(String, String)], _ factory: any MetricsFactory) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: name, dimensions: labels + [("outcome", outcome)], factory: factory)
        }
        done = counter("done")
        failed = counter("failed")
        unknown = counter("unknown")
        duration = Timer(label: durationName, dimensions: labels, factory: factory)
    }

    /// - Parameter duration: `nil` for what an earlier process began.
    func ended(_ failure: EffectFailure?, after duration: Duration?) {
        if let failure {
            (failure.code == "unknown" ? unknown : failed).increment()
        } else {
            done.increment()
        }
        if let duration { self.duration.recordMilliseconds(max(duration.milliseconds, 0)) }
    }
}

/// What comes in by one way.
struct IntakeMetrics: Sendable {
    private let admitted, repeated: Counter

    init(_ channel: ChannelID, _ factory: any MetricsFactory) {
        let label = ("channel", channel.rawValue)
        admitted = Counter(label: "moonwire_events_admitted_total", dimensions: [label], factory: factory)
        repeated = Counter(label: "moonwire_events_repeated_total", dimensions: [label], factory: factory)
    }

    func admitted(_ count: Int, repeated repeats: Int) {
        if count > 0 { admitted.increment(by: count) }
        if repeats > 0 { repeated.increment(by: repeats) }
    }
}

/// One channel's part.
struct ChannelMetrics: Sendable {
    let intake: IntakeMetrics
    let effects: OutcomeMetrics
    private let attempts: Counter

    init(_ channel: ChannelID, _ factory: any MetricsFactory) {
        let label = ("channel", channel.rawValue)
        intake = IntakeMetrics(channel, factory)
        attempts = Counter(label: "moonwire_effect_attempts_total", dimensions: [label], factory: factory)
        effects = OutcomeMetrics(
            "moonwire_effects_total", "moonwire_effect_duration_seconds", [label], factory)
    }

    func attempted() { attempts.increment() }
}

/// One job's part.
private struct JobMetrics: Sendable {
    let ran, failed, missed, overlapped: Counter
    let lateness: Meter

    init(_ job: String, _ factory: any MetricsFactory) {
        func counter(_ outcome: String) -> Counter {
            Counter(
                label: "moonwire_job_ticks_total", dimensions: [("job", job), ("outcome", outcome)], factory: factory)
        }
        ran = counter("ran")
        failed = counter("failed")
        missed = counter("missed")
        overlapped = counter("overlapped")
        lateness = Meter(
            label: "moonwire_job_last_lateness_seconds", dimensions: [("job", job)], factory: factory)
    }
}
