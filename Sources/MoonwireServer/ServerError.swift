/// Why the web server cannot be.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    public struct Code: Sendable, Hashable {
        private enum Value { case tls, bind, route }
        private let value: Value

        /// The certificate or its key cannot be used.
        public static let tls = Code(value: .tls)
        /// The address cannot be listened on.
        public static let bind = Code(value: .bind)
        /// Two routes want the same path.
        public static let route = Code(value: .route)
    }

    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
