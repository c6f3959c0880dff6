import EventJSON
import Moonwire

extension Dashboard {
    /// How long an answer waits for what an action does.
    private static let patience: Duration = .seconds(5)
    private static let builtIn: Set<String> = ["pause", "resume", "handover", "refresh"]

    private struct Order {
        let name: String
        let arguments: JSON?
        /// The request's own key: what it does happens once, whatever token it comes with.
        let key: String
        let session: Session
        let event: PanelEvent
        let person: Operator?
    }

    func action(_ request: InboundRequest, _ body: JSON) async throws(DashboardFailure) -> InboundResponse {
        let (token, app, id) = try access(request.head, conversation: body["conversation"]?.int)
        guard let key = request.head.onlyValue(of: "idempotency-key"), (1...128).contains(key.utf8.count),
            let name = body["action"]?.string, (1...64).contains(name.utf8.count)
        else { throw .badRequest }
        let offer = try await offer(of: name, body["args"], in: id, to: token)
        guard offer.scopes.contains(where: token.allows) else { throw .notAllowed }
        switch repeated.begin(key, of: token, body: request.body, now: clock.now) {
        case .answered(let answer): return answer
        case .underWay: throw .underWay
        case .other: throw .otherBody
        case .first: break
        }
        let answer: InboundResponse
        do throws(DashboardFailure) {
            let session = try await session(id, app: app)
            let event = event(session, app: app, person: token.agent)
            answer = try await carryOut(
                Order(
                    name: name, arguments: offer.arguments, key: "\(token.agent?.id ?? "") \(key)", session: session,
                    event: event, person: token.agent))
        } catch {
            answer = error.response
        }
        repeated.finish(key, of: token, answer)
        watch.touch(id, nil)
        return answer
    }

    /// What stands behind an action: that it is offered at all, to whom, and with what.
    private struct Offer {
        /// Each of them is enough.
        let scopes: [String]
        let arguments: JSON?
    }

    /// One of a panel is known by its whole button: what a button is for lies in its arguments as much as in its name.
    private func offer(
        of action: String, _ arguments: JSON?, in session: SessionID, to token: DashboardToken
    ) async throws(DashboardFailure) -> Offer {
        if Self.builtIn.contains(action) {
            return Offer(scopes: [action == "refresh" ? "read" : action], arguments: arguments)
        }
        let glance: SessionGlance
        do {
            glance = try await journal.glance(of: session, for: token.agent?.id, ended: 0, now: clock.now)
        } catch {
            throw .journal
        }
        let buttons = glance.panels.values.flatMap { (try? JSON(parsing: $0.bytes))?["buttons"]?.elements ?? [] }
            .filter { $0["action"]?.string == action && ($0["args"] ?? .null).isSameToScripts(as: arguments ?? .null) }
        guard let first = buttons.first else { throw .noSuchAction }
        return Offer(scopes: buttons.map { $0["scope"]?.string ?? action }, arguments: first["args"])
    }

    private func carryOut(_ order: Order) async throws(DashboardFailure) -> InboundResponse {
        do {
            switch order.name {
            case "pause":
                guard let person = order.person else { throw DashboardFailure.notAllowed }
                let event = order.event.named(PanelEvent.paused, key: order.key, at: clock.now)
                try await engine.pause(event, by: person)
            case "resume": try await engine.resume(order.event.named(PanelEvent.resumed, key: order.key, at: clock.now))
            case "handover":
                let target = try target(order.arguments)
                return try await follow(
                    order.event.named(PanelEvent.handover, key: order.key, at: clock.now, arguments: target))
            case "refresh":
                _ = try await engine.admit([order.event.named(PanelEvent.opened, key: order.key, at: clock.now)])
            default:
                return try await follow(
                    order.event.named(
                        PanelEvent.action, key: order.key, at: clock.now, action: order.name,
                        arguments: order.arguments))
            }
        } catch let failure as DashboardFailure {
            throw failure
        } catch {
            throw .journal
        }
        return .json(200, ["done": true])
    }

    /// `{"operator": …}`, `{"group": …}` or `{"queue": true}`.
    private func target(_ arguments: JSON?) throws(DashboardFailure) -> JSON {
        if let person = arguments?["operator"]?.string, !person.isEmpty { return ["operator": .string(person)] }
        if let group = arguments?["group"]?.string, !group.isEmpty { return ["group": .string(group)] }
        if arguments == nil || arguments?["queue"]?.bool == true { return ["queue": true] }
        throw .badRequest
    }

    /// Admits an event and waits a little for what becomes of it.
    private func follow(_ event: Event) async throws -> InboundResponse {
        let endings = watch.ending(of: event.key ?? "")
        _ = try await engine.admit([event])
        let ending = await withTaskGroup(of: SessionWatch.Ending?.self) { group in
            group.addTask {
                for await ending in endings { return ending }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        switch ending {
        case .failed?: return DashboardFailure.script.response
        case .unmatched?: return .json(200, ["done": false, "handled": false])
        case .done?: return .json(200, ["done": true])
        case .underWay?, nil: return .json(200, ["done": false])
        }
    }
}

extension JSON {
    /// Whether two values are the same once a browser has read and written them: it knows one kind of number.
    fileprivate func isSameToScripts(as other: JSON) -> Bool {
        switch (self, other) {
        case (.int, .int), (.int, .double), (.double, .int), (.double, .double): double == other.double
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.isSameToScripts(as: $1) }
        case (.object(let one), .object(let other)):
            one.count == other.count
                && one.allSatisfy { member in other[member.key].map(member.value.isSameToScripts) ?? false }
        default: self == other
        }
    }
}
