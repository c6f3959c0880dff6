import EventJSON
import LuaRuntime
import Moonwire

/// A step's arguments as the journal shows them. Equal calls give equal bytes, because members are written in the
/// order of the code; what is left out is absent.
struct CanonicalArguments {
    private var writer = JSONWriter(reservingCapacity: 128)

    init() {
        writer.beginObject()
    }

    mutating func add(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        writer.key(name)
        writer.value(text)
    }

    mutating func add(_ name: StaticString, _ number: Int64?) {
        guard let number else { return }
        writer.key(name)
        writer.value(number)
    }

    mutating func add(_ name: StaticString, number: Double) {
        writer.key(name)
        writer.value(number)
    }

    mutating func add(_ name: StaticString, _ texts: [String]) {
        writer.key(name)
        writer.beginArray()
        for text in texts { writer.value(text) }
        writer.endArray()
    }

    /// The waits of a race, each with its name.
    mutating func add(_ name: StaticString, _ waits: [(name: LuaValue, wait: DescribedWait)]) throws(UnwritableValue) {
        writer.key(name)
        writer.beginArray()
        for (name, wait) in waits {
            writer.beginObject()
            writer.key("name")
            try name.write(to: &writer)
            writer.key("wait")
            writer.raw(wait.arguments.bytes)
            writer.endObject()
        }
        writer.endArray()
    }

    /// Only what is true is written.
    mutating func add(flag name: StaticString, _ flag: Bool) {
        guard flag else { return }
        writer.key(name)
        writer.value(true)
    }

    mutating func add(_ name: StaticString, json: [UInt8]?) {
        guard let json else { return }
        writer.key(name)
        writer.raw(json)
    }

    mutating func add(option name: String, json: [UInt8]) {
        writer.key(name: name)
        writer.raw(json)
    }

    mutating func add(_ name: StaticString, _ replies: [QuickReply]) {
        guard !replies.isEmpty else { return }
        writer.key(name)
        writer.beginArray()
        for reply in replies {
            writer.beginObject()
            writer.key("title")
            writer.value(reply.title)
            writer.key("value")
            writer.value(reply.value)
            writer.endObject()
        }
        writer.endArray()
    }

    /// Content by length and digest: too long for a journal, or no text.
    mutating func add(_ name: StaticString, content: [UInt8]?) {
        guard let content else { return }
        writer.key(name)
        if content.count <= 2048, let text = String(validating: content, as: UTF8.self) {
            writer.value(text)
            return
        }
        var hash = StableHash()
        hash.combine(content)
        writer.beginObject()
        writer.key("bytes")
        writer.value(content.count)
        writer.key("digest")
        writer.value(String(hash.value, radix: 16))
        writer.endObject()
    }

    var json: RawJSON {
        var writer = writer
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }
}
