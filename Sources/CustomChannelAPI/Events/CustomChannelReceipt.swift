/// What became of a message that the platform sent.
public enum CustomChannelReceipt: Hashable, Sendable {
    case delivered
    case read
    /// With a reason for the agent, cut to 256.
    case failed(reason: String?)

    /// The wire's word.
    public var value: Value {
        switch self {
        case .delivered: .delivered
        case .read: .read
        case .failed: .failed
        }
    }

    public enum Value: String, Hashable, Sendable, CaseIterable { case delivered, read, failed }
}

/// The receipts of one message, in the one order in which they may go out: `delivered`, then `read`; or `failed`, which
/// ends it and never follows `read`. Each at most once, and none that is behind what was said already.
public struct CustomChannelReceiptState: Hashable, Sendable {
    public private(set) var posted: [CustomChannelReceipt.Value]

    public init(posted: [CustomChannelReceipt.Value] = []) {
        self.posted = posted
    }

    /// Whether the receipt may still go out.
    public func allows(_ value: CustomChannelReceipt.Value) -> Bool {
        switch value {
        case .delivered: posted.isEmpty
        case .read: !posted.contains(.read) && !posted.contains(.failed)
        case .failed: !posted.contains(.read) && !posted.contains(.failed)
        }
    }

    /// Takes note of a receipt. Returns `false`, and changes nothing, when it may not go out any more.
    public mutating func take(_ value: CustomChannelReceipt.Value) -> Bool {
        guard allows(value) else { return false }
        posted.append(value)
        return true
    }
}
