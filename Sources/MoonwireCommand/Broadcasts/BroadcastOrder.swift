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
    var figures: BroadcastStatus?
    /// Whether it was made by this order.
    var created: Bool?
    /// Whether it was a draft whose audience could not be read, and is read again now.
    var readsAgain: Bool?
    var changed: Int?
    var preview: BroadcastPreview?
    /// The platform's id of a test message.
    var sent: String?
}

/// Where a broadcast stands and since when, for people and machines.
@dynamicMemberLookup
struct BroadcastStatus: Codable, Sendable, Equatable {
    let figures: BroadcastFigures
    let created: String
    let started: String?
    let ended: String?
    /// Why nothing is sent for the moment (`host`, `ramp`, `quiet`), and until when.
    let waitsFor: String?
    let waitsUntil: String?

    init(
        _ record: BroadcastRecord, pace: BroadcastPace = BroadcastPace(), waitingFor wait: BroadcastWait? = nil,
        at now: Instant = LedgerAccess.now
    ) {
        figures = BroadcastFigures(record, pace: pace, at: now)
        created = record.createdAt.iso8601
        started = record.startedAt?.iso8601
        ended = record.endedAt?.iso8601
        waitsFor = wait?.word
        waitsUntil = wait?.until?.iso8601
    }

    subscript<Value>(dynamicMember path: KeyPath<BroadcastFigures, Value>) -> Value { figures[keyPath: path] }

    /// One JSON object on one line.
    var line: String { String(decoding: ControlCoding.line(of: self), as: UTF8.self) }

    private enum Key: String, CodingKey { case created, started, ended, waitsFor, waitsUntil }

    /// The figures and the times beside them in one object.
    init(from decoder: any Decoder) throws {
        figures = try BroadcastFigures(from: decoder)
        let times = try decoder.container(keyedBy: Key.self)
        created = try times.decode(String.self, forKey: .created)
        started = try times.decodeIfPresent(String.self, forKey: .started)
        ended = try times.decodeIfPresent(String.self, forKey: .ended)
        waitsFor = try times.decodeIfPresent(String.self, forKey: .waitsFor)
        waitsUntil = try times.decodeIfPresent(String.self, forKey: .waitsUntil)
    }

    func encode(to encoder: any Encoder) throws {
        try figures.encode(to: encoder)
        var times = encoder.container(keyedBy: Key.self)
        try times.encode(created, forKey: .created)
        try times.encodeIfPresent(started, forKey: .started)
        try times.encodeIfPresent(ended, forKey: .ended)
        try times.encodeIfPresent(waitsFor, forKey: .waitsFor)
        try times.encodeIfPresent(waitsUntil, forKey: .waitsUntil)
    }
}
