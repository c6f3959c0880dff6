import EventJSON

/// Turns messages of the socket into frames.
///
/// Payloads stay the bytes that they were: the parser checks the document and finds the envelope, a cursor that walks
/// beside it finds the payload in the source.
final class FrameReader {
    // Payloads may nest as deep as the backend likes.
    private let parser = JSONParser(maxDepth: 1024)

    /// Calls `body` with each object of a message, in order, until it answers false.
    func read(_ message: [UInt8], _ body: (ServerFrame) -> Bool) {
        var start = 0
        while start < message.count {
            let end = message[start...].firstIndex(of: UInt8(ascii: "\n")) ?? message.count
            let line = start..<end
            start = end + 1
            if message[line].allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            guard body(read(message, line)) else { return }
        }
    }

    private func read(_ message: [UInt8], _ line: Range<Int>) -> ServerFrame {
        let frame = try? parser.parse(message[line]) { root in
            root.isObject ? Self.frame(LocatedElement(element: root), SourceCursor(message, line)) : .unreadable
        }
        return frame ?? .unreadable
    }

    private static func frame(_ root: LocatedElement, _ start: SourceCursor) -> ServerFrame {
        var cursor = start
        var reply = Reply(id: 0)
        var push: Push?
        var isVersion1 = false
        root.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("push") {
                if value.element.isNull { return }
                push = readPush(value, &cursor)
            } else if key.rawEquals("id") {
                reply.id = value.code(&cursor)
            } else if key.rawEquals("error") {
                if !value.element.isNull { reply.error = readError(value, &cursor) }
            } else if key.rawEquals("result") {
                isVersion1 = true
            } else if let body = readBody(key, value, &cursor) {
                reply.body = body
            }
        }
        if isVersion1 { return .version1 }
        if reply.id > 0 { return .reply(reply) }
        return push.map { .push($0) } ?? .ping
    }

    private static func readError(_ element: LocatedElement, _ cursor: inout SourceCursor) -> ReplyError {
        var error = ReplyError()
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("code") {
                error.code = value.code(&cursor)
            } else if key.rawEquals("message") {
                error.message = value.text
            } else if key.rawEquals("temporary") {
                error.temporary = value.flag
            }
        }
        return error
    }

    private static func readBody(
        _ key: JSONElement, _ value: LocatedElement, _ cursor: inout SourceCursor
    ) -> ReplyBody? {
        if key.rawEquals("connect") { return .connect(ResultReader.connect(value, &cursor)) }
        if key.rawEquals("subscribe") { return .subscribe(ResultReader.subscribe(value, &cursor)) }
        if key.rawEquals("rpc") { return .rpc(ResultReader.data(value, &cursor)) }
        if key.rawEquals("history") { return .history(ResultReader.history(value, &cursor)) }
        if key.rawEquals("presence") { return .presence(ResultReader.presence(value, &cursor)) }
        if key.rawEquals("presence_stats") { return .presenceStats(ResultReader.presenceStats(value, &cursor)) }
        if key.rawEquals("refresh") || key.rawEquals("sub_refresh") {
            return .refresh(ResultReader.refresh(value, &cursor))
        }
        return nil
    }
}

// MARK: - Pushes

extension FrameReader {
    /// What of a push has been found so far. Of several kinds in one push the first of the fields counts.
    private struct PushParts {
        var channel = ""
        var publication: CentrifugePublication?
        var message: [UInt8]?
        var join: CentrifugeClientInfo?
        var leave: CentrifugeClientInfo?
        var unsubscribe: CentrifugeReason?
        var subscribe: SubscribeResult?
        var disconnect: CentrifugeReason?
        var refresh: RefreshResult?

        var push: Push {
            if let publication { return .publication(channel: channel, publication) }
            if let message { return .message(message) }
            if let join { return .join(channel: channel, join) }
            if let leave { return .leave(channel: channel, leave) }
            if let unsubscribe { return .unsubscribe(channel: channel, unsubscribe) }
            if let subscribe { return .subscribe(channel: channel, subscribe) }
            if let disconnect { return .disconnect(disconnect) }
            if let refresh { return .refresh(refresh) }
            return .unknown
        }
    }

    private static func readPush(_ element: LocatedElement, _ cursor: inout SourceCursor) -> Push {
        var parts = PushParts()
        element.forEachMember(&cursor) { key, value, cursor in
            if key.rawEquals("channel") {
                parts.channel = value.text
            } else if !value.element.isObject {
                return
            } else if key.rawEquals("pub") {
                parts.publication = ResultReader.publication(value, &cursor)
            } else if key.rawEquals("message") {
                parts.message = ResultReader.data(value, &cursor)
            } else if key.rawEquals("join") {
                parts.join = ResultReader.infoInside(value, &cursor)
            } else if key.rawEquals("leave") {
                parts.leave = ResultReader.infoInside(value, &cursor)
            } else if key.rawEquals("unsubscribe") {
                parts.unsubscribe = ResultReader.reason(value, &cursor)
            } else if key.rawEquals("subscribe") {
                parts.subscribe = ResultReader.subscribe(value, &cursor)
            } else if key.rawEquals("disconnect") {
                parts.disconnect = ResultReader.reason(value, &cursor)
            } else if key.rawEquals("refresh") {
                parts.refresh = ResultReader.refresh(value, &cursor)
            }
        }
        return parts.push
    }
}
