/// Why a state was left: a code of the protocol and words for people.
///
/// Codes from 3000 on are the server's and the backend's own. Those below are the client's: see the static members.
public struct CentrifugeReason: Sendable, Hashable {
    /// The code. What it means depends on the event that carries it.
    public var code: UInt32

    /// The sender's words, printable and short; may be empty.
    public var text: String

    /// Creates a reason.
    public init(code: UInt32, text: String) {
        self.code = code
        self.text = text
    }
}

extension CentrifugeReason: CustomStringConvertible {
    public var description: String { text.isEmpty ? "code \(code)" : "code \(code), \(text)" }
}

extension CentrifugeReason {
    // With `connecting`.
    static let connectCalled = CentrifugeReason(code: 0, text: "connect called")
    static let transportClosed = CentrifugeReason(code: 1, text: "transport closed")
    static let noPing = CentrifugeReason(code: 2, text: "no ping")
    static let subscribeTimeout = CentrifugeReason(code: 3, text: "subscribe timeout")
    static let unsubscribeError = CentrifugeReason(code: 4, text: "unsubscribe error")
    static let messageTooLarge = CentrifugeReason(code: 1, text: "transport closed: a message was too large")
    static let consumerBehind = CentrifugeReason(code: 1, text: "transport closed: the consumer is behind")

    // With `disconnected`.
    static let disconnectCalled = CentrifugeReason(code: 0, text: "disconnect called")
    static let unauthorized = CentrifugeReason(code: 1, text: "unauthorized")
    static let badProtocol = CentrifugeReason(code: 2, text: "bad protocol")
    static let messageSizeLimit = CentrifugeReason(code: 3, text: "message size limit")
    static let badConfiguration = CentrifugeReason(code: 2, text: "bad configuration")
    static let version1 = CentrifugeReason(
        code: 2,
        text: "bad protocol: the server speaks version 1; `forcesVersion2` adds cf_protocol_version=v2 to the URL")

    // With `unsubscribed`.
    static let unsubscribeCalled = CentrifugeReason(code: 0, text: "unsubscribe called")
    static let clientClosed = CentrifugeReason(code: 2, text: "client closed")
}
