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
        let named = identity(of: request, tree)
        let name = declaration.eventName
        let id = named ?? request.head.id
        var event = Event(
            name: name, native: "webhook", key: "\(name):" + (named.map { "id:" + Self.short($0) } ?? "request:\(id)"),
            id: id, at: now, channel: .host, platform: .host, role: .operator,
            raw: details(of: request, id: id))
        let order = declaration.isOrdered ? name : "\(name):\(Self.short(id))"
        event.session = Session(id: SessionID(channel: .host, id: order), status: "open", owner: .bot)
        return event
    }

    private func identity(of request: InboundRequest, _ tree: JSON?) -> String? {
        switch declaration.identity {
        case nil: return nil
        case .header(let name)?: return request.head.onlyValue(of: name).flatMap { $0.isEmpty ? nil : $0 }
        case .body(let pointer)?:
            switch tree?.value(at: pointer) {
            case .string(let text)? where !text.isEmpty: return text
            case .int(let number)?: return String(number)
            default: return nil
            }
        }
    }

    /// As it is, or what stands for it when it is long.
    private static func short(_ id: String) -> String {
        guard id.utf8.count > 128 else { return id }
        return SHA256.hash(data: Array(id.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
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
