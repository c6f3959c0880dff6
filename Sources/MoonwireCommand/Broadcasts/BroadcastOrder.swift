import EventJSON
import Moonwire

/// What a person asks of a broadcast, as it travels to a running host.
struct BroadcastOrder: Codable, Sendable, Equatable {
    enum Action: String, Codable, Sendable {
        case new, start, pause, resume, cancel, delete, retry, resolve, preview, test
    }

    var action: Action
    var name: String
    var key: String?
    /// Of a preview; 0 reads the whole audience.
    var limit: Int?
    /// Whose fate is decided; everybody's without it.
    var address: String?
    var decision: String?
    /// Whom a test goes to.
    var row: [String: String]?
}

/// What a host answers to an order.
struct BroadcastAnswer: Codable, Sendable, Equatable {
    var figures: BroadcastFigures?
    /// Whether it was made by this order.
    var created: Bool?
    /// Whether it was a draft whose audience could not be read, and is read again now.
    var readsAgain: Bool?
    var changed: Int?
    var preview: BroadcastPreview?
    /// The platform's id of a test message.
    var sent: String?
}

/// Where a broadcast stands, for people and machines.
struct BroadcastFigures: Codable, Sendable, Equatable {
    let name: String
    let key: String
    let state: String
    let reason: String?
    let channel: String
    let topic: String
    /// How many recipients are in the ledger, and whether that is all of them.
    let audience: Int64
    let complete: Bool
    let pending: Int64
    let claimed: Int64
    let sent: Int64
    let skipped: Int64
    let failed: Int64
    let unknown: Int64
    let rejected: Int64
    let duplicates: Int64
    /// How a file of an audience is read.
    let encoding: String?
    let delimiter: String?
    let optOuts: Int64
    let created: String
    let started: String?
    let ended: String?
    /// Why nothing is sent for the moment (`host`, `ramp`, `quiet`), and until when.
    let waitsFor: String?
    let waitsUntil: String?

    init(_ record: BroadcastRecord, waitingFor wait: BroadcastWait? = nil) {
        name = record.plan.name
        key = record.key
        state = record.state.word
        reason = record.reason
        channel = record.plan.channel.rawValue
        topic = record.plan.topic
        audience = record.counts.total
        complete = record.isAudienceComplete
        pending = record.counts.pending
        claimed = record.counts.claimed
        sent = record.counts.sent
        skipped = record.counts.skipped
        failed = record.counts.failed
        unknown = record.counts.unknown
        rejected = record.rejected
        duplicates = record.duplicates
        encoding = record.mark?.encoding
        delimiter = record.mark?.delimiter
        optOuts = record.optOuts
        created = record.createdAt.iso8601
        started = record.startedAt?.iso8601
        ended = record.endedAt?.iso8601
        waitsFor = wait?.word
        waitsUntil = wait?.until?.iso8601
    }

    /// Those who need no more work.
    var done: Int64 { sent + skipped + failed + unknown }

    var isOver: Bool { ["finished", "cancelled", "deleted"].contains(state) }

    /// One JSON object on one line.
    var line: String { String(decoding: ControlCoding.line(of: self), as: UTF8.self) }
}
