/// What a script can ask the host itself to do.
public enum HostEffect: Sendable {
    /// Committed together with its step.
    case store(StoreOperation)
    case http(OutboundRequest)
    /// A change of the ledger of broadcasts, committed together with its step.
    case ledger(LedgerOperation)

    /// An operation on a key-value store. Scopes: `bot:<script>`, `session:<id>`, `client:<id>`.
    public struct StoreOperation: Sendable {
        public enum Command: Sendable {
            case get
            /// Sets the value, or deletes the key when `nil`; `ttl` counts from now.
            case set(RawJSON?, ttl: Duration?)
            case increment(by: Int64, ttl: Duration?)
            /// Sets only when the present value equals `expected` (both `nil` for absent). Answers a boolean.
            case compareAndSet(expected: RawJSON?, new: RawJSON?, ttl: Duration?)
            /// The keys that begin with the operation's key, in order, as a list: those behind `after`, if it is given.
            case keys(limit: Int, after: String? = nil)
            /// Takes one from an allowance of `count` per `period`. Answers `{ok, wait}`, wait in seconds.
            case limit(count: Int, period: Duration)
        }

        public let scope: String
        public let key: String
        public let command: Command

        public init(scope: String, key: String, command: Command) {
            self.scope = scope
            self.key = key
            self.command = command
        }
    }

    /// An HTTP request of a script. Header values may hold secrets, so it is never journaled itself.
    public struct OutboundRequest: Sendable {
        public let method: String
        public let url: String
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]?
        public let timeout: Duration?
        /// Whether sending it twice is harmless.
        public let isRepeatable: Bool

        public init(
            method: String, url: String, headers: [(name: String, value: String)], body: [UInt8]?,
            timeout: Duration?, isRepeatable: Bool
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
            self.timeout = timeout
            self.isRepeatable = isRepeatable
        }
    }
}
