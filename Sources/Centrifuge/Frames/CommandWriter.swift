import EventJSON

/// The commands that a client sends, each one line without its end. Zero values are left out, as the server does.
enum CommandWriter {
    static let pong = Array("{}".utf8)

    struct Connect {
        struct Recovery {
            var channel: String
            var position: CentrifugePosition
        }

        var token = ""
        var data: [UInt8]?
        var name = ""
        var version = ""
        var headers: [String: String] = [:]
        var recoveries: [Recovery] = []
    }

    static func connect(_ id: UInt32, _ connect: Connect) -> [UInt8] {
        command(id, "connect") { writer in
            optional(&writer, "token", connect.token)
            if let data = connect.data {
                writer.key("data")
                writer.raw(data)
            }
            optional(&writer, "name", connect.name)
            optional(&writer, "version", connect.version)
            if !connect.headers.isEmpty {
                writer.key("headers")
                writer.beginObject()
                for (name, value) in connect.headers.sorted(by: { $0.key < $1.key }) {
                    writer.key(name: name)
                    writer.value(value)
                }
                writer.endObject()
            }
            guard !connect.recoveries.isEmpty else { return }
            writer.key("subs")
            writer.beginObject()
            for recovery in connect.recoveries {
                writer.key(name: recovery.channel)
                writer.beginObject()
                recover(&writer, from: recovery.position)
                writer.endObject()
            }
            writer.endObject()
        }
    }

    static func subscribe(
        _ id: UInt32, _ channel: String, token: String, options: CentrifugeSubscriptionOptions,
        from position: CentrifugePosition?
    ) -> [UInt8] {
        command(id, "subscribe") { writer in
            writer.key("channel")
            writer.value(channel)
            optional(&writer, "token", token)
            if let data = options.data {
                writer.key("data")
                writer.raw(data)
            }
            if let position { recover(&writer, from: position) }
            flag(&writer, "positioned", options.isPositioned)
            flag(&writer, "recoverable", options.isRecoverable)
            flag(&writer, "join_leave", options.joinLeave)
        }
    }

    static func unsubscribe(_ id: UInt32, _ channel: String) -> [UInt8] {
        command(id, "unsubscribe") { writer in
            writer.key("channel")
            writer.value(channel)
        }
    }

    static func refresh(_ id: UInt32, token: String) -> [UInt8] {
        command(id, "refresh") { optional(&$0, "token", token) }
    }

    static func subRefresh(_ id: UInt32, _ channel: String, token: String) -> [UInt8] {
        command(id, "sub_refresh") { writer in
            writer.key("channel")
            writer.value(channel)
            optional(&writer, "token", token)
        }
    }

    /// A call; the id of one that gets no answer is left out.
    static func request(_ id: UInt32, _ request: CommandRequest) -> [UInt8] {
        switch request {
        case .publish(let channel, let data):
            command(id, "publish") { writer in
                writer.key("channel")
                writer.value(channel)
                writer.key("data")
                writer.raw(data)
            }
        case .rpc(let method, let data):
            command(id, "rpc") { writer in
                optional(&writer, "method", method)
                writer.key("data")
                writer.raw(data)
            }
        case .history(let channel, let limit, let since, let reverse):
            command(id, "history") { history(&$0, channel, limit, since, reverse) }
        case .presence(let channel):
            command(id, "presence") { writer in
                writer.key("channel")
                writer.value(channel)
            }
        case .presenceStats(let channel):
            command(id, "presence_stats") { writer in
                writer.key("channel")
                writer.value(channel)
            }
        case .send(let data):
            command(0, "send") { writer in
                writer.key("data")
                writer.raw(data)
            }
        }
    }

    private static func history(
        _ writer: inout JSONWriter, _ channel: String, _ limit: Int, _ since: CentrifugePosition?, _ reverse: Bool
    ) {
        writer.key("channel")
        writer.value(channel)
        if limit != 0 {
            writer.key("limit")
            writer.value(limit)
        }
        if let since {
            writer.key("since")
            writer.beginObject()
            position(&writer, since)
            writer.endObject()
        }
        flag(&writer, "reverse", reverse)
    }

    private static func command(
        _ id: UInt32, _ name: StaticString, _ body: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        if id > 0 {
            writer.key("id")
            writer.value(Int64(id))
        }
        writer.key(name)
        writer.beginObject()
        body(&writer)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func recover(_ writer: inout JSONWriter, from place: CentrifugePosition) {
        writer.key("recover")
        writer.value(true)
        position(&writer, place)
    }

    private static func position(_ writer: inout JSONWriter, _ position: CentrifugePosition) {
        if position.offset > 0 {
            writer.key("offset")
            writer.raw(String(position.offset).utf8)
        }
        optional(&writer, "epoch", position.epoch)
    }

    private static func optional(_ writer: inout JSONWriter, _ key: StaticString, _ text: String) {
        if text.isEmpty { return }
        writer.key(key)
        writer.value(text)
    }

    private static func flag(_ writer: inout JSONWriter, _ key: StaticString, _ value: Bool) {
        if !value { return }
        writer.key(key)
        writer.value(true)
    }
}
