import LuaRuntime
import Moonwire

/// The session of a run as Lua sees it: one `session` and one `client` object whose fields are replaced by each
/// snapshot, so that a script may keep them in variables.
final class SessionObjects {
    private(set) var id: SessionID
    private(set) var clientID: String?
    let session: LuaObject
    private(set) var client: LuaObject?
    private let platform: Platform
    private let handle: Int64

    /// Nil for an event that belongs to no session, or to one of the host's own that only keeps order.
    init?(_ event: AdmittedEvent, handle: Int64, script: LuaScript) {
        guard event.event.channel != .host, let id = event.event.session?.id, let fields = event.body.session else {
            return nil
        }
        self.id = id
        self.handle = handle
        platform = event.event.platform
        clientID = event.event.session?.client?.id
        let platform = platform
        guard
            let session = try? script.state.makeObject(
                script.classes.session,
                LuaObjectContent(handle: handle, fields: Self.fields(fields, on: platform)))
        else { return nil }
        self.session = session
        fill(client: event.body.client, operator: event.body.operator, in: script)
    }

    /// Takes over what an outcome or an event told.
    func replace(with snapshot: Session, in script: LuaScript) {
        id = snapshot.id
        clientID = snapshot.client?.id
        session.setFields(Self.fields(EventBody.encode(snapshot), on: platform))
        fill(
            client: snapshot.client.map { EventBody.encode($0) },
            operator: snapshot.operator.map { EventBody.encode($0) }, in: script)
    }

    /// A session's own fields, and the platform, which the core keeps with the event.
    static func fields(_ session: RawJSON, on platform: Platform) -> [UInt8] {
        fields(session.bytes, adding: "platform", platform.rawValue)
    }

    /// Adds a member to an object.
    ///
    /// - Parameter word: of a configuration: letters, digits, dashes.
    static func fields(_ object: [UInt8], adding name: StaticString, _ word: String) -> [UInt8] {
        guard object.count > 2 else { return object }
        var fields = object
        fields.reserveCapacity(fields.count + 48)
        fields.removeLast()
        fields.append(contentsOf: #",""#.utf8)
        name.withUTF8Buffer { fields.append(contentsOf: $0) }
        fields.append(contentsOf: #"":""#.utf8)
        fields.append(contentsOf: word.utf8.lazy.filter { $0 > 0x1F && $0 != 0x22 && $0 != 0x5C })
        fields.append(contentsOf: #""}"#.utf8)
        return fields
    }

    private func fill(client fields: RawJSON?, operator seat: RawJSON?, in script: LuaScript) {
        if let fields {
            fillClient(Self.fields(fields.bytes, adding: "channel", id.channel.rawValue), in: script)
        } else {
            client = nil
        }
        if let client { session.set("client", .value(.object(client))) }
        if let seat {
            let content = LuaObjectContent(fields: seat.bytes)
            session.set("operator", .value(.new(script.classes.operatorSeat, content)))
        }
    }

    private func fillClient(_ fields: [UInt8], in script: LuaScript) {
        if let client {
            client.setFields(fields)
        } else {
            let content = LuaObjectContent(handle: handle, fields: fields)
            client = try? script.state.makeObject(script.classes.client, content)
        }
    }
}
