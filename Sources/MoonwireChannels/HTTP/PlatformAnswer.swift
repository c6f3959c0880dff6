import CurlHTTP
import EventJSON
import Moonwire

extension ChannelEffect.PlatformRequest {
    /// The request's body as it is sent.
    var httpBody: HTTPBody { body.map { .bytes($0.bytes, contentType: "application/json") } ?? .none }

    /// A platform's answer as scripts and the journal see it: secrets replaced, and text where it is no JSON.
    static func value(of response: HTTPResponse, redact: (JSONElement) -> [UInt8]) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: response.body.count + 32)
        writer.beginObject()
        writer.key("status")
        writer.value(response.status)
        writer.key("body")
        if response.body.isEmpty {
            writer.value(JSON.null)
        } else if let body = try? JSONParser(maxBytes: response.body.count).parse(response.body, redact) {
            writer.raw(body)
        } else {
            writer.value(String(decoding: response.body, as: UTF8.self))
        }
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }
}

/// Whom a platform lists, as scripts see them.
enum DirectoryList {
    struct Entry {
        var id: String
        var name: String?
        var email: String?
        var status: String?
    }

    static func encode(_ entries: [Entry]) -> RawJSON {
        var writer = JSONWriter()
        writer.beginArray()
        for entry in entries { write(entry, to: &writer) }
        writer.endArray()
        return RawJSON(validated: writer.bytes)
    }

    static func encode(_ entry: Entry) -> RawJSON {
        var writer = JSONWriter()
        write(entry, to: &writer)
        return RawJSON(validated: writer.bytes)
    }

    private static func write(_ entry: Entry, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.value(entry.id)
        for (name, text) in [("name", entry.name), ("email", entry.email), ("status", entry.status)] {
            guard let text else { continue }
            writer.key(name: name)
            writer.value(text)
        }
        writer.endObject()
    }
}
