/// What a broadcast would do.
public struct BroadcastPreview: Sendable, Hashable, Codable {
    public struct Message: Sendable, Hashable, Codable {
        public let address: String
        public let text: String?
        /// Why there would be no message.
        public let problem: String?
    }

    public var messages: [Message] = []
    /// Of the whole audience, where it has been read as a whole.
    public var rows: Int64 = 0
    public var rejected: [RejectedRecord] = []
    public var rejectedCount: Int64 = 0
    /// Rows that name somebody a second time; known once the rows are in the ledger, `nil` before.
    public var duplicates: Int64?
    /// Whose message cannot be written.
    public var unwritable: Int64 = 0
    public var unreachable: Int64 = 0
    public var isWhole = false
    /// Of a whole audience.
    public var outlook: AudienceOutlook?
    /// How a file was read.
    public var encoding: String?
    public var delimiter: String?
}
