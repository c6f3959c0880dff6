internal import EventJSON

extension JSONElement {
    /// An id, also where a fork writes it as text.
    var id: Int? { int ?? string.flatMap { Int($0) } }

    /// The text of a member; nil when it is missing, null or of another type.
    func text(_ key: StaticString) -> String? { self[key]?.string }

    /// The text of a member; nil also when it is empty.
    func filledText(_ key: StaticString) -> String? {
        guard let element = self[key], element.utf8Count ?? 0 > 0 else { return nil }
        return element.string
    }

    func word<Word: ChatwootWord>(_ key: StaticString) -> Word? {
        text(key).map { Word(rawValue: $0) }
    }

    func secret(_ key: StaticString) -> ChatwootSecret? {
        filledText(key).map { ChatwootSecret($0) }
    }

    func flag(_ key: StaticString) -> Bool { self[key]?.bool ?? false }

    func time(_ key: StaticString) -> ChatwootTime? { ChatwootTime(self[key]) }

    /// An object that is kept; empty when it is missing, or anything but an object.
    func tree(_ key: StaticString) -> JSONObject {
        guard let element = self[key], element.isObject else { return JSONObject() }
        return element.owned.object ?? JSONObject()
    }

    /// A list of things; what makes no sense is left out.
    func list<Value>(_ key: StaticString, _ decode: (JSONElement) -> Value?) -> [Value] {
        self[key]?.elements.compactMap(decode) ?? []
    }

    func strings(_ key: StaticString) -> [String] { list(key) { $0.string } }
}
