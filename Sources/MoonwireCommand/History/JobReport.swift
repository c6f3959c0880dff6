import Foundation
import Moonwire

/// A job for people and machines. Times are ISO 8601 in UTC, lengths of time in seconds.
struct JobReport: Codable, Sendable, Equatable {
    let name: String
    let script: String
    let location: String
    let words: String
    let cron: String?
    let zone: String?
    let every: Double?
    let misfire: String
    let grace: Double?
    let overlap: String
    let jitter: Double
    let next: String?
    let isPaused: Bool
    let isRetired: Bool
    /// Ticks that run, and those that wait for them.
    let running: Int
    let queued: Int
    /// The newest tick that has ended or was skipped.
    let last: TickReport?

    init(_ record: JobRecord, running: Int, queued: Int, last: TickRecord?) {
        let (declaration, terms) = (record.declaration, record.declaration.terms)
        name = record.name
        script = record.script
        location = declaration.location
        words = declaration.schedule.words
        switch declaration.schedule {
        case .every(let length): (cron, zone, every) = (nil, nil, Self.seconds(length))
        case .cron(let expression, let clocks):
            (cron, zone, every) = (expression.description, clocks.identifier, nil)
        case .unreadable: (cron, zone, every) = (nil, nil, nil)
        }
        misfire = terms.misfire.rawValue
        grace = terms.grace.map(Self.seconds)
        overlap = terms.overlap.rawValue
        jitter = Self.seconds(terms.jitter)
        next = record.isPaused ? nil : record.nextDue?.iso8601
        isPaused = record.isPaused
        isRetired = record.isRetired
        self.running = running
        self.queued = queued
        self.last = last.map(TickReport.init)
    }

    private static func seconds(_ length: Duration) -> Double { Double(length.milliseconds) / 1000 }
}

/// A tick of a job for people and machines.
struct TickReport: Codable, Sendable, Equatable {
    let due: String
    /// `queued`, `running`, `ran`, `failed`, `skipped (misfire)`, `skipped (overlap)`.
    let outcome: String
    /// `schedule`, `manual`, `back_fill`.
    let origin: String
    let started: String?
    let ended: String?
    /// As `moonwire run-info` takes it.
    let run: String?
    /// How many due times it stands for.
    let count: Int
    let error: String?

    init(_ tick: TickRecord) {
        due = tick.id.due.iso8601
        outcome = JobText.outcome(tick.state)
        origin =
            switch tick.origin {
            case .schedule: "schedule"
            case .manual: "manual"
            case .backFill: "back_fill"
            }
        started = tick.startedAt?.iso8601
        ended = tick.endedAt?.iso8601
        run = tick.run?.description
        count = tick.count
        error = tick.note
    }
}

/// Jobs and their ticks in words.
enum JobText {
    static func outcome(_ state: TickRecord.State) -> String {
        switch state {
        case .queued: "queued"
        case .running: "running"
        case .ran: "ran"
        case .failed: "failed"
        case .missed: "skipped (misfire)"
        case .overlapped: "skipped (overlap)"
        }
    }

    /// `in 3 h 20 min (2026-11-22 09:00:00)`; `due since 5 min 0 s (…)` where the host is down or busy.
    static func next(_ due: Instant, at now: Instant) -> String {
        let distance = due - now
        let relative =
            distance > .zero
            ? "in " + LocalTime.spelled(distance)
            : distance > .seconds(-5) ? "now" : "due since " + LocalTime.spelled(now - due)
        return relative + " (" + LocalTime().moment(due) + ")"
    }

    static func job(
        _ record: JobRecord, running: Int, queued: Int, last: TickRecord?, at now: Instant, _ output: Terminal
    ) -> String {
        var lines = [output.colour(record.name, .cyan) + "  " + record.declaration.schedule.words]
        if record.isRetired {
            lines.append("  " + output.colour("retired: no script declares it any more", .grey))
        } else if record.isPaused {
            lines.append("  " + output.colour("paused", .yellow))
        } else {
            lines.append("  next " + (record.nextDue.map { next($0, at: now) } ?? "never"))
        }
        if running > 0 {
            lines.append("  " + output.colour("running" + (queued > 0 ? ", \(queued) queued" : ""), .green))
        }
        if let last { lines.append("  last " + tick(last, output)) }
        return lines.joined(separator: "\n")
    }

    static func tick(_ tick: TickRecord, _ output: Terminal) -> String {
        let colour: Terminal.Colour =
            switch tick.state {
            case .ran, .running: .green
            case .failed: .red
            case .queued: .grey
            case .missed, .overlapped: .yellow
            }
        var parts = [LocalTime().moment(tick.id.due), output.colour(outcome(tick.state), colour)]
        if tick.count > 1 { parts.append("\(tick.count) due times up to then") }
        if let start = tick.startedAt {
            let late = start - tick.id.due
            if late >= .seconds(1) { parts.append(LocalTime.spelled(late) + " late") }
            if let end = tick.endedAt { parts.append("took " + LocalTime.spelled(end - start)) }
        }
        switch tick.origin {
        case .schedule: break
        case .manual: parts.append("triggered")
        case .backFill: parts.append("back-filled")
        }
        if let run = tick.run { parts.append("run \(run)") }
        if let note = tick.note { parts.append(output.colour(note, .red)) }
        return parts.joined(separator: "  ")
    }
}
