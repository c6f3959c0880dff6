/// Why bytes were refused as JSON.
public struct JSONError: Error, Hashable, Sendable {
    /// What kind of refusal this is. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String { case malformed, tooDeep, tooLarge, outOfMemory }
        private let kind: Kind

        /// Not JSON as RFC 8259 defines it, not UTF-8, or a number that no double can hold.
        public static let malformed = Code(kind: .malformed)
        /// Nested deeper than the parser allows.
        public static let tooDeep = Code(kind: .tooDeep)
        /// More bytes than the parser allows.
        public static let tooLarge = Code(kind: .tooLarge)
        /// The parser could not get memory.
        public static let outOfMemory = Code(kind: .outOfMemory)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    /// A sentence for a person. Never holds text of the document.
    public let message: String
    /// Only a lack of memory may pass.
    public var retryable: Bool { code == .outOfMemory }
    /// One of a small set of words, fit for a metric label.
    public var shortDescription: String { "json.\(code)" }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { message }
}
