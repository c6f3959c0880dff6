import EventJSON
import LuaRuntime
import Moonwire

extension LuaScript {
    /// A panel's function has returned: what it shows is published in one more step of the run, so that a page reads it
    /// from the journal and a replay finds it again. It was made for the person who looks, and is shown to nobody else.
    func publish(_ panel: String, _ results: [LuaValue], _ run: ScriptRun) -> RunProgress {
        let value = results.first ?? .nil
        var content: RawJSON?
        if !value.isNil {
            do throws(PanelContent.Problem) {
                content = RawJSON(validated: try PanelContent(value).json)
            } catch {
                return fail(
                    run,
                    LuaError(.runtime, message: "\(location(of: run)): the panel '\(panel)' \(error.description)"))
            }
        }
        guard let session = run.session?.id else {
            runs[run.id] = nil
            return .finished(stops: false)
        }
        var arguments = CanonicalArguments()
        arguments.add("name", panel)
        arguments.add("content", json: content?.bytes)
        run.isPublishing = true
        let operation = HostEffect.StoreOperation(
            scope: SessionGlance.panelScope(of: session, for: PanelPayload(run.context.body)?.personID), key: panel,
            command: .set(content, ttl: Self.panelLifetime))
        return suspended(
            StepRequest(
                kind: "bot.panel", action: .host(.store(operation)), session: nil, arguments: arguments.json,
                location: location(of: run)), run)
    }

    /// What was shown stays for as long as somebody may come back to the session.
    private static let panelLifetime: Duration = .seconds(7 * 86_400)

    /// The step that published has ended.
    func finishPublishing(_ run: ScriptRun, _ result: StepOutcome.Result) -> RunProgress {
        run.isPublishing = false
        run.panel = nil
        if case .failure(let failure) = result {
            return fail(run, LuaError(.runtime, message: "\(location(of: run)): \(failure.message)"))
        }
        runs[run.id] = nil
        return .finished(stops: false)
    }

    /// What a panel's function is given: the session, and the person who looks at it.
    func panelArguments(_ run: ScriptRun) -> [LuaArgument] {
        let person = PanelPayload(run.context.body)?.person
        return [
            run.session.map { .object($0.session) } ?? .nil,
            person.map { .new(classes.operatorSeat, LuaObjectContent(fields: $0)) } ?? .nil,
        ]
    }

    private func location(of run: ScriptRun) -> String {
        handlers.indices.contains(run.handler) ? handlers[run.handler].location : sources.entry
    }
}

/// What an event of a page brings besides its session.
struct PanelPayload {
    /// A JSON object.
    let person: [UInt8]?
    let personID: String?
    let action: String?
    let arguments: [UInt8]?

    private static let names = ["panel.", "session.paused\"", "session.resumed\""].map {
        Array("{\"name\":\"\($0)".utf8)
    }

    /// `nil` for an event of anything but a page, which this finds out by looking at a few bytes.
    init?(_ body: EventBody) {
        guard Self.names.contains(where: { body.event.bytes.starts(with: $0) }),
            let raw = try? JSON(parsing: body.raw.bytes)
        else { return nil }
        person = raw["operator"]?.bytes
        personID = raw["operator"]?["id"]?.string
        action = raw["action"]?.string
        arguments = raw["args"]?.bytes
    }
}
