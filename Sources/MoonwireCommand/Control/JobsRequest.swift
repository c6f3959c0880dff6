import Foundation
import Moonwire

/// What a person can ask of a job in a running host.
struct JobsRequest: Codable, Sendable, Equatable {
    enum Action: String, Codable, Sendable {
        case trigger, pause, resume
        case backFill = "back_fill"
    }

    let action: Action
    let job: String
    /// For a back-fill: the span, in seconds since 1970, and whether only to count.
    var from: Double?
    var through: Double?
    var onlyCounts: Bool?
}

/// What a host says to that.
struct JobsAnswer: Codable, Sendable, Equatable {
    let job: String
    /// One line for a person.
    let sentence: String
    /// For a back-fill: how many ticks.
    var count: Int?
}

extension JobsRequest {
    /// Does it.
    ///
    /// - Parameter memory: How long the journal knows what became of a tick.
    func perform(on scheduler: Scheduler?, memory: Duration, at now: Instant) async throws(HostError) -> JobsAnswer {
        guard let scheduler else { throw HostError("this host runs no jobs") }
        do {
            switch action {
            case .trigger:
                let tick = try await scheduler.trigger(job)
                let moment = tick.state == .running ? "runs" : "waits for the tick that is going on"
                return JobsAnswer(job: job, sentence: "\(job) \(moment); moonwire jobs history \(job) shows it")
            case .pause:
                _ = try await scheduler.setPaused(true, job)
                return JobsAnswer(job: job, sentence: "\(job) is paused: nothing is due until it is resumed")
            case .resume:
                let record = try await scheduler.setPaused(false, job)
                let next = record?.nextDue.map { "; next " + JobText.next($0, at: now) } ?? ""
                return JobsAnswer(job: job, sentence: "\(job) goes on" + next)
            case .backFill: return try await backFill(scheduler, memory: memory, at: now)
            }
        } catch let error as HostError {
            throw error
        } catch let error as JobRefusal {
            throw HostError(error.description, isWrongInput: true)
        } catch {
            throw HostError("\(job): \(error)")
        }
    }

    private func backFill(_ scheduler: Scheduler, memory: Duration, at now: Instant) async throws -> JobsAnswer {
        let (from, through) = (Instant(seconds: from ?? 0), through.map { Instant(seconds: $0) } ?? now)
        guard now - from <= memory else {
            throw HostError(
                "the journal knows what became of a tick for \(LocalTime.spelled(memory)) (retention.keys); what was due "
                    + "before that may have run, and would run again. Take a later --from",
                isWrongInput: true)
        }
        let times = try await scheduler.missing(job, from: from, through: through)
        if onlyCounts != true, !times.isEmpty { try await scheduler.backFill(job, times) }
        guard let first = times.first, let last = times.last else {
            return JobsAnswer(job: job, sentence: "\(job): every due time of that span has run or is to run", count: 0)
        }
        let span = LocalTime().moment(first) + (times.count > 1 ? " to " + LocalTime().moment(last) : "")
        let ticks = times.count == 1 ? "1 tick" : "\(times.count) ticks"
        let verb = onlyCounts == true ? "did not run" : times.count == 1 ? "runs now" : "run now, one after the other"
        return JobsAnswer(job: job, sentence: "\(job): \(ticks) \(verb), due \(span)", count: times.count)
    }
}
