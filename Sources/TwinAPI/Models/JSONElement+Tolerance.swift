internal import EventJSON

/// Reading by two names, the camel and the snake form: the platform mixes them. A value of an odd type is nil, so that
/// it never costs the whole object.
extension JSONElement {
    /// The value of a member under either name.
    func field(_ name: StaticString, _ twin: StaticString?) -> JSONElement? {
        self[name] ?? twin.flatMap { self[$0] }
    }

    /// An id as text: ids come as text, as integers, and as floating numbers without a fraction.
    var id: String? {
        if let text = string {
            let trimmed = text.drop { $0.isWhitespace }
            let end = trimmed.lastIndex { !$0.isWhitespace }
            return end.map { String(trimmed[...$0]) }
        }
        if let int { return String(int) }
        return double.flatMap { Int64(exactly: $0) }.map { String($0) }
    }

    func id(_ name: StaticString, _ twin: StaticString? = nil) -> String? { field(name, twin)?.id }

    /// Text; nil also when it is empty.
    func filledText(_ name: StaticString, _ twin: StaticString?) -> String? {
        guard let element = field(name, twin), element.utf8Count ?? 0 > 0 else { return nil }
        return element.string
    }

    func text(_ name: StaticString, _ twin: StaticString? = nil) -> String? { field(name, twin)?.string }

    func word(_ name: StaticString, _ twin: StaticString? = nil) -> TwinWord? {
        filledText(name, twin).map { TwinWord($0) }
    }

    /// A number, also one that is written as text.
    func number(_ name: StaticString, _ twin: StaticString? = nil) -> Double? {
        guard let element = field(name, twin) else { return nil }
        let number = element.double ?? element.string.flatMap { Double($0) }
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    func int(_ name: StaticString, _ twin: StaticString? = nil) -> Int? {
        number(name, twin).flatMap { Int(exactly: $0.rounded()) }
    }

    /// Seconds.
    func duration(_ name: StaticString, _ twin: StaticString? = nil) -> Duration? {
        number(name, twin).flatMap { abs($0) < 1e10 ? .seconds($0) : nil }
    }

    /// Yes or no, also as 1 and 0.
    func flag(_ name: StaticString, _ twin: StaticString? = nil) -> Bool? {
        guard let element = field(name, twin) else { return nil }
        if let bool = element.bool { return bool }
        if let int = element.int { return int == 0 ? false : int == 1 ? true : nil }
        return element.rawEquals("true") || element.rawEquals("1")
            ? true : element.rawEquals("false") || element.rawEquals("0") ? false : nil
    }

    func time(_ name: StaticString, _ twin: StaticString? = nil) -> TwinTime? {
        field(name, twin).flatMap { TwinTime($0) }
    }

    /// A value that is kept as it came; nil when it is missing or null.
    func tree(_ name: StaticString, _ twin: StaticString? = nil) -> JSON? {
        field(name, twin).flatMap { $0.isNull ? nil : $0.owned }
    }

    /// The member, if it is an object.
    func object(_ name: StaticString, _ twin: StaticString? = nil) -> JSONElement? {
        field(name, twin).flatMap { $0.isObject ? $0 : nil }
    }

    /// A list of things; what makes no sense is left out.
    func list<Value>(
        _ name: StaticString, _ twin: StaticString? = nil, _ decode: (JSONElement) -> Value?
    ) -> [Value] {
        field(name, twin)?.elements.compactMap(decode) ?? []
    }

    /// The value as compact JSON, secrets replaced.
    var redacted: [UInt8] { TwinRedaction.payload(self) }
}
