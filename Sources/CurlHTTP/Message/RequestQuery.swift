/// The part of a URL behind the question mark; a nil value leaves the name out.
package struct RequestQuery: ExpressibleByArrayLiteral, Sendable {
    private var items: [(name: String, value: String)] = []

    package init(arrayLiteral elements: (String, String?)...) {
        for (name, value) in elements { append(name, value) }
    }

    package mutating func append(_ name: String, _ value: String?) {
        if let value { items.append((name, value)) }
    }

    package mutating func append(_ name: String, _ value: Int?) {
        append(name, value.map(String.init))
    }

    package var encoded: String {
        guard !items.isEmpty else { return "" }
        return "?" + items.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }.joined(separator: "&")
    }
}
