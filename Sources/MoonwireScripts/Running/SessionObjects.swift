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
    private unowned let script: LuaScript

    /// Nil for an event that belongs to no session.
    init?(_ event: AdmittedEvent, handle: Int64, script: LuaScript) {
        guard let snapshot = event.event.session, let fields = event.body.session,
            let session = try? script.state.makeObject(
                script.classes.session, LuaObjectContent(handle: handle, fields: fields.bytes))
        else { return nil }
        self.session = session
        self.handle = handle
        self.script = script
        id = snapshot.id
        platform = event.event.platform
        fill(snapshot, client: event.body.client, operator: event.body.operator)
    }

    /// Takes over what an outcome or an event told.
    func replace(with snapshot: Session) {
        session.setFields(EventBody.encode(snapshot).bytes)
        fill(
            snapshot, client: snapshot.client.map { EventBody.encode($0) },
            operator: snapshot.operator.map { EventBody.encode($0) })
    }

    private func fill(_ snapshot: Session, client fields: RawJSON?, operator seat: RawJSON?) {
        id = snapshot.id
        clientID = snapshot.client?.id
        session.set("platform", .value(.text(platform.rawValue)))
        if let store = script.classes.sessionStore { session.set("store", .value(.object(store))) }
        if let fields {
            fillClient(fields)
        } else {
            client = nil
        }
        if let client { session.set("client", .value(.object(client))) }
        if let seat {
            let content = LuaObjectContent(fields: seat.bytes)
            session.set("operator", .value(.new(script.classes.operatorSeat, content)))
        }
    }

    private func fillClient(_ fields: RawJSON) {
        if let client {
            client.setFields(fields.bytes)
        } else {
            let content = LuaObjectContent(handle: handle, fields: fields.bytes)
            client = try? script.state.makeObject(script.classes.client, content)
        }
        if let client, let store = script.classes.clientStore {
            client.set("store", .value(.object(store)))
        }
    }
}
