@testable import Moonwire

/// A board that an expectation may change.
final class Held {
    private var board: JobBoard

    init(_ board: JobBoard = JobBoard()) {
        self.board = board
    }

    var jobs: [String: JobBoard.Job] { board.jobs }
    var nextTurn: Instant? { board.nextTurn }

    func advance(at now: Instant) -> [JobBatch] { board.advance(at: now) }
    func end(_ tick: TickID) { board.end(tick) }

    func declare(_ declared: [(script: String, job: JobDeclaration)], at now: Instant) -> JobBatch {
        board.declare(declared, at: now)
    }

    func setPaused(_ isPaused: Bool, _ name: String, at now: Instant) throws -> JobBatch {
        try board.setPaused(isPaused, name, at: now)
    }

    func trigger(_ name: String, at now: Instant) throws -> (TickRecord, JobBatch) {
        try board.trigger(name, at: now)
    }

    func missing(_ name: String, from: Instant, through: Instant, known: [TickRecord]) throws -> [Instant] {
        try board.missing(name, from: from, through: through, known: known)
    }

    func backFill(_ name: String, _ times: [Instant], at now: Instant) throws -> JobBatch {
        try board.backFill(name, times, at: now)
    }
}
