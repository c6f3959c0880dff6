extension JSONWriter {
    /// Writes a member, or nothing at all when there is no value.
    package mutating func member(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        self.key(key)
        value(text)
    }

    package mutating func member(_ key: StaticString, _ number: Int?) {
        guard let number else { return }
        self.key(key)
        value(number)
    }

    package mutating func member(_ key: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        self.key(key)
        value(flag)
    }

    package mutating func member(_ key: StaticString, _ object: JSONObject?) {
        guard let object else { return }
        self.key(key)
        value(.object(object))
    }

    package mutating func member(_ key: StaticString, _ tree: JSON?) {
        guard let tree else { return }
        self.key(key)
        value(tree)
    }

    package mutating func member(_ key: StaticString, _ texts: [String]?) {
        guard let texts else { return }
        self.key(key)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }

    /// Writes an object as a member.
    package mutating func object(_ key: StaticString, _ write: (inout JSONWriter) -> Void) {
        self.key(key)
        beginObject()
        write(&self)
        endObject()
    }
}
