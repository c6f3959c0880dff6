import EventJSON
import LuaRuntime
import Moonwire

/// Sessions and clients that are not the run's own.
///
/// Their objects say by their own fields what they stand for, and the host keeps no list of them: a run may walk over
/// any number. Their handles are below zero and follow the run and the id, so that equal ones are equal in Lua, and one
/// that was kept from another run is known as such.
struct OtherSession {
    let id: SessionID
    /// A JSON object each.
    var session: [UInt8]
    var client: [UInt8]?
    var `operator`: [UInt8]?

    /// What is known of a session by its id alone.
    init(_ id: SessionID) {
        self.id = id
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.value(id.id)
        writer.key("channel")
        writer.value(id.channel.rawValue)
        writer.endObject()
        session = writer.bytes
    }

    init(_ snapshot: Session) {
        id = snapshot.id
        session = EventBody.encode(snapshot).bytes
        client = snapshot.client.map { EventBody.encode($0).bytes }
        `operator` = snapshot.operator.map { EventBody.encode($0).bytes }
    }

    /// Reads what `Session.journalBytes` wrote.
    init?(_ element: JSONElement) {
        guard let session = element["session"], let channel = session["channel"]?.string, let id = session["id"]?.string
        else { return nil }
        self.id = SessionID(channel: ChannelID(channel), id: id)
        self.session = RawJSON(copying: session).bytes
        client = element["client"].map { RawJSON(copying: $0).bytes }
        `operator` = element["operator"].map { RawJSON(copying: $0).bytes }
    }

    static func handle(of kind: StaticString, _ id: SessionID, in run: RunID) -> Int64 {
        var hash = StableHash()
        kind.withUTF8Buffer { hash.combine($0) }
        hash.combine("\(run)/\(id)".utf8)
        return Int64(bitPattern: hash.value | 1 << 63)
    }
}

extension LuaScript {
    /// The run's own object where it is that session.
    func object(of other: OtherSession, in run: ScriptRun) -> LuaArgument {
        if let own = run.session, own.id == other.id { return .object(own.session) }
        return .new(classes.otherSession, content(of: other, in: run))
    }

    private func content(of other: OtherSession, in run: ScriptRun) -> LuaObjectContent {
        let platform = environment.channels[other.id.channel]?.platform ?? Platform(rawValue: "")
        var content = LuaObjectContent(
            handle: OtherSession.handle(of: "session", other.id, in: run.id),
            fields: SessionObjects.fields(RawJSON(validated: other.session), on: platform))
        content.overrides = parts(of: other, in: run)
        return content
    }

    private func parts(
        of other: OtherSession, in run: ScriptRun
    ) -> [(name: String, field: LuaObjectContent.Field)] {
        var parts: [(name: String, field: LuaObjectContent.Field)] = [
            ("store", .value(store("session.store", scope: "session:\(other.id)")))
        ]
        if let client = other.client {
            parts.append(("client", .value(object(ofClient: client, on: other.id.channel, in: run))))
        }
        if let seat = other.operator {
            parts.append(("operator", .value(.new(classes.operatorSeat, LuaObjectContent(fields: seat)))))
        }
        return parts
    }

    /// A client that is met without its session.
    func object(ofClient fields: [UInt8], on channel: ChannelID, in run: ScriptRun) -> LuaArgument {
        let id = (try? JSON(parsing: fields))?["id"]?.string ?? ""
        var content = LuaObjectContent(
            handle: OtherSession.handle(of: "client", SessionID(channel: channel, id: id), in: run.id),
            fields: SessionObjects.fields(fields, adding: "channel", channel.rawValue))
        content.overrides = [("store", .value(store("client.store", scope: "client:\(channel)/\(id)")))]
        return .new(classes.otherClient, content)
    }

    private func store(_ name: String, scope: String) -> LuaArgument {
        guard let store = classes[name] else { return .nil }
        return .new(store, LuaObjectContent(handle: -1, overrides: [("scope", .value(.text(scope)))]))
    }

    /// Takes over the snapshot that an outcome brought: into the run's own session, or into the one that it asked of.
    func take(_ snapshot: Session, _ run: ScriptRun) {
        if run.session?.id == snapshot.id {
            run.session?.replace(with: snapshot, in: self)
            return
        }
        let handle = OtherSession.handle(of: "session", snapshot.id, in: run.id)
        guard let receiver = run.receiver, receiver.handle == handle else { return }
        let content = content(of: OtherSession(snapshot), in: run)
        receiver.setFields(content.fields ?? [])
        for (name, field) in content.overrides { receiver.set(name, field) }
    }

    /// The results of a page: a list of objects and the cursor behind it.
    func page(_ value: RawJSON, _ run: ScriptRun) -> [LuaArgument] {
        let channel = run.pageChannel
        let page = try? JSONParser().parse(value.bytes) { root in
            let items = root["items"]?.elements.map { item -> LuaArgument in
                if let other = OtherSession(item) { return object(of: other, in: run) }
                return object(ofClient: RawJSON(copying: item).bytes, on: channel, in: run)
            }
            return (items ?? [], root["next"]?.string)
        }
        return [.list(page?.0 ?? []), page?.1.map { .text($0) } ?? .nil]
    }

    func openedSession(_ value: RawJSON, _ run: ScriptRun) -> LuaArgument {
        let other = try? JSONParser().parse(value.bytes) { OtherSession($0) }
        return other.map { object(of: $0, in: run) } ?? .nil
    }
}

extension APICall {
    /// What a method of a session or a client works on.
    struct Target {
        let run: ScriptRun
        let channel: ChannelID
        /// Whose order the effect goes by; of a client that is met without its session, the channel's own.
        let session: SessionID?
        let client: String?
        /// The object, where it is not of the run's own session.
        let receiver: LuaObject?
    }

    func target() throws -> Target {
        let run = try run()
        if lua.handle == run.handle {
            return Target(
                run: run, channel: run.context.channel, session: run.session?.id, client: run.session?.clientID,
                receiver: nil)
        }
        guard lua.handle < 0, let receiver = lua.receiver, let channel = receiver.field("channel").text,
            let id = receiver.field("id").text
        else { throw strangeObject }
        let named = SessionID(channel: ChannelID(channel), id: id)
        switch lua.handle {
        case OtherSession.handle(of: "session", named, in: run.id):
            return Target(run: run, channel: named.channel, session: named, client: nil, receiver: receiver)
        case OtherSession.handle(of: "client", named, in: run.id):
            return Target(
                run: run, channel: named.channel, session: SessionID(channel: named.channel, id: ""), client: id,
                receiver: receiver)
        default: throw strangeObject
        }
    }
}
