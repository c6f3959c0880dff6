/// What would become of an audience if its broadcast began now, asked page by page. Changes nothing.
///
/// Rows add up from call to call: who comes again is a duplicate, and each message counts towards the cap of those that
/// follow. Memory holds a page; what must be remembered of all rows lies in a temporary file.
public protocol AudienceForecast: Sendable {
    /// One verdict for each row, in their order.
    func verdicts(of rows: [ForecastRow]) async throws(JournalError) -> [ForecastVerdict]
}

public struct ForecastRow: Sendable {
    /// What makes it unique in its broadcast.
    public let address: String
    public let addresses: [String]
    /// Whether there is a message, and a way to send it.
    public let isSendable: Bool

    public init(address: String, addresses: [String], isSendable: Bool) {
        self.address = address
        self.addresses = addresses
        self.isSendable = isSendable
    }
}

public enum ForecastVerdict: Sendable, Hashable {
    /// An earlier row has one of the addresses.
    case duplicate
    case optedOut
    /// The client has had as many messages of the topic as it may get.
    case capped
    case sendable
    /// There is nothing to send, so that nobody needed to ask.
    case unsendable
}

/// Where the rows of a whole audience would end up. With `unwritable`, `unreachable` and, for a file, `duplicates` of the
/// preview these add up to its rows.
public struct AudienceOutlook: Sendable, Hashable, Codable {
    /// Who has opted out of the topic, or of all.
    public var optedOut: Int64 = 0
    public var capped: Int64 = 0
    /// Whose message is empty, which is skipped.
    public var empty: Int64 = 0
    /// Named by an earlier attempt at the audience only.
    public var leftOut: Int64 = 0
    /// Who has had a turn already.
    public var done: Int64 = 0
    /// What is left: these would get a message.
    public var sendable: Int64 = 0
    /// Those of them for whom it is night now.
    public var waiting: Int64 = 0
    /// When the last of those may be written to, in seconds since 1970.
    public var waitingUntil: Double?
}
