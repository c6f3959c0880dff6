/// One header field of a request.
///
/// Its description shows the name only: values hold access tokens.
public struct HTTPHeader: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension HTTPHeader: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "\(name): ***" }
    public var debugDescription: String { description }
}
