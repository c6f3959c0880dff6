import Crypto
import EventJSON
import Moonwire

/// A request to a script's route as an event: what the journal keeps, without what opened the door.
struct WebhookEvent {
    let declaration: WebhookDeclaration
    /// Values that must not be kept, wherever they stand in the head.
    let secrets: [String]

    /// - Parameter tree: The body, if it is JSON.
    func event(of request: InboundRequest, _ tree: JSON?, at now: Instant) -> Event {
        let named = declaration.identity.flatMap { text(at: $0, of: request, tree) }
        let name = declaration.eventName
        let id = named ?? request.head.id
        var event = Event(
            name: name, native: "webhook", key: "\(name):" + (named.map { "id:" + Self.short($0) } ?? "request:\(id)"),
            id: id, at: now, channel: .host, platform: .host, role: .operator,
            raw: details(of: request, id: id))
        let session = order(of: request, tree) ?? "\(name):\(Self.short(id))"
        event.session = Session(id: SessionID(channel: .host, id: session), status: "open", owner: .bot)
        return event
    }

    /// The session of all that wait for each other; `nil` for a request that waits for none.
    private func order(of request: InboundRequest, _ tree: JSON?) -> String? {
        switch declaration.ordering {
        case .none: return nil
        case .all: return declaration.eventName
        case .by(let place):
            guard let key = text(at: place, of: request, tree) else { return nil }
            // A session's name stands in logs, and what orders requests is as a rule whom they are about.
            return "\(declaration.eventName)/\(Self.digest(key).prefix(32))"
        }
    }

    private func text(at place: WebhookDeclaration.Place, of request: InboundRequest, _ tree: JSON?) -> String? {
        switch place {
        case .header(let name): return request.head.onlyValue(of: name).flatMap { $0.isEmpty ? nil : $0 }
        case .body(let pointer):
            switch tree?.value(at: pointer) {
            case .string(let text)? where !text.isEmpty: return text
            case .int(let number)?: return String(number)
            default: return nil
            }
        }
    }

    /// As it is, or what stands for it when it is long.
    private static func short(_ id: String) -> String {
        id.utf8.count > 128 ? digest(id) : id
    }

    private static func digest(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func details(of request: InboundRequest, id: String) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 512 + request.body.count)
        writer.beginObject()
        writer.key("webhook")
        writer.value(declaration.name)
        writer.key("id")
        writer.value(id)
        writer.key("method")
        writer.value(request.head.method)
        writer.key("path")
        writer.value(request.head.path)
        writer.key("query")
        write(request.head.query.filter { $0.name != declaration.verification?.tokenMember }, to: &writer)
        writer.key("headers")
        write(request.head.headers.filter { !credentials.contains($0.name) }, to: &writer)
        if let address = request.head.remoteAddress {
            writer.key("from")
            writer.value(address)
        }
        writer.key("body")
        writer.value(String(decoding: request.body, as: UTF8.self))
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }

    /// Headers that open doors.
    private var credentials: Set<String> {
        var names: Set = ["authorization", "proxy-authorization", "cookie", "x-api-key"]
        if case .signature(let signature) = declaration.auth { names.insert(signature.header) }
        return names
    }

    private func write(_ members: [(name: String, value: String)], to writer: inout JSONWriter) {
        var values: [String: String] = [:]
        var order: [String] = []
        for (name, value) in members {
            let shown = secrets.contains { !$0.isEmpty && value.contains($0) } ? "***" : value
            if let earlier = values[name] {
                values[name] = earlier + ", " + shown
            } else {
                order.append(name)
                values[name] = shown
            }
        }
        writer.beginObject()
        for name in order {
            writer.key(name: name)
            writer.value(values[name] ?? "")
        }
        writer.endObject()
    }
}

extension JSON {
    /// What a JSON pointer points to.
    func value(at pointer: String) -> JSON? {
        var value = self
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let key = part.replacing("~1", with: "/").replacing("~0", with: "~")
            if case .array(let elements) = value {
                guard let index = Int(key), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                guard let member = value[String(key)] else { return nil }
                value = member
            }
        }
        return value
    }
}
