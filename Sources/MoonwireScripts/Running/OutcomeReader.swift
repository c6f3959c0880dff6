import EventJSON
import LuaRuntime
import Moonwire

/// What a suspended call returns for the value of its outcome.
enum OutcomeReader: Equatable {
    case nothing
    case value
    case message
    case messages
    case response
    /// The run's session object, whose fields the outcome has replaced.
    case session
    /// A page of sessions or clients as a list, and the cursor behind it; `location` is that of the loop.
    case page(location: String)
    /// A session that a step has made.
    case opened
    /// `ok, wait`
    case allowance
    /// A sleep that lasted its time: `true`.
    case sleep

    /// Where the script stands, if that is not the line of the call.
    var location: String? {
        if case .page(let location) = self { return location }
        return nil
    }
}

extension LuaScript {
    /// The results of the call that a run is suspended in.
    func results(of value: RawJSON, _ reader: OutcomeReader, _ run: ScriptRun) -> [LuaArgument] {
        let isNull = value.bytes == RawJSON.null.bytes
        switch reader {
        case .nothing: return []
        case .sleep: return [.value(.boolean(true))]
        case .session: return [(run.receiver ?? run.session?.session).map { .object($0) } ?? .nil]
        case _ where isNull: return [.nil]
        case .page: return page(value, run)
        case .opened: return [openedSession(value, run)]
        case .value: return [.json(value.bytes)]
        case .message: return [.new(classes.message, LuaObjectContent(fields: value.bytes))]
        case .messages: return [.list(messages(value))]
        case .response:
            guard let response = classes["response"] else { return [.json(value.bytes)] }
            return [.new(response, LuaObjectContent(fields: value.bytes))]
        case .allowance:
            let answer = try? JSON(parsing: value.bytes)
            let ok = answer?["ok"]?.bool ?? answer?.elements.first?.bool ?? false
            let wait = answer?["wait"]?.double ?? answer?.elements.last?.double ?? 0
            return [.value(.boolean(ok)), .value(.number(wait))]
        }
    }

    private func messages(_ list: RawJSON) -> [LuaArgument] {
        let parser = JSONParser()
        let parts = try? parser.parse(list.bytes) { root in root.elements.map { RawJSON(copying: $0).bytes } }
        return (parts ?? []).map { .new(classes.message, LuaObjectContent(fields: $0)) }
    }

    /// The event object of a run or of a filter.
    func eventObject(_ body: EventBody, session: SessionObjects?, channel: ChannelID) -> LuaArgument {
        var content = LuaObjectContent(fields: body.event.bytes)
        content.overrides.reserveCapacity(5)
        if let session {
            content.overrides.append(("session", .value(.object(session.session))))
            if let client = session.client { content.overrides.append(("client", .value(.object(client)))) }
        } else if let client = body.client {
            let fields = LuaObjectContent(
                fields: SessionObjects.fields(client.bytes, adding: "channel", channel.rawValue))
            content.overrides.append(("client", .value(.new(classes.client, fields))))
        }
        let page = PanelPayload(body)
        if let page {
            if let action = page.action { content.overrides.append(("action", .value(.text(action)))) }
            if let arguments = page.arguments { content.overrides.append(("args", .json(arguments))) }
        }
        if let seat = page.map(\.person) ?? body.operator?.bytes {
            let fields = LuaObjectContent(fields: seat)
            content.overrides.append(("operator", .value(.new(classes.operatorSeat, fields))))
        }
        if let message = body.message {
            let fields = LuaObjectContent(fields: message.bytes)
            content.overrides.append(("message", .value(.new(classes.message, fields))))
        }
        if let broadcast = BroadcastPayload(body), let figures = classes["broadcast_figures"] {
            let fields = LuaObjectContent(fields: broadcast.figures)
            content.overrides.append(("broadcast", .value(.new(figures, fields))))
        }
        if body.raw.bytes.count > 4 { content.overrides.append(("raw", .json(body.raw.bytes))) }
        return .new(classes.event, content)
    }
}
