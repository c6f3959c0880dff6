import EventJSON
import Moonwire

extension Dashboard {
    private static let endedRuns = 8
    private static let keepAlive: Duration = .seconds(15)
    /// Changes that come together are told once, and when the journal has them.
    private static let breath: Duration = .milliseconds(100)

    func state(_ head: InboundHead) async throws(DashboardFailure) -> InboundResponse {
        let (token, app, id) = try access(head, conversation: conversation(head))
        guard token.canRead else { throw .notAllowed }
        await engine.settle()
        let glance: SessionGlance
        do {
            glance = try await journal.glance(
                of: id, for: token.agent?.id, ended: Self.endedRuns, now: clock.now)
        } catch {
            throw .journal
        }
        let session = try await session(id, app: app)
        var tree = SessionState(session: session, glance: glance, now: clock.now).json
        tree.append("scopes", .array(token.scopes.map(JSON.string)))
        tree.append("targets", await targets(of: app, token: token))
        return .json(200, .object(tree))
    }

    /// The latest snapshot: one that an event brought, or what the platform says.
    func session(_ id: SessionID, app: DashboardApp) async throws(DashboardFailure) -> Session {
        if let known = watch.snapshot(of: id) { return known }
        do {
            guard let found = try await desks[app.channel]?.desk.deskSession(id.id) else {
                throw DashboardFailure.refused
            }
            watch.touch(id, found.session)
            return found.session
        } catch let failure as DashboardFailure {
            throw failure
        } catch {
            throw .platform
        }
    }

    /// Who a session can be handed to. What cannot be read now is left out.
    private func targets(of app: DashboardApp, token: DashboardToken) async -> JSON {
        guard token.allows("handover"), let desk = desks[app.channel]?.desk else { return [:] }
        let people = (try? await desk.deskOperators()) ?? []
        let groups = (try? await desk.deskGroups()) ?? []
        return [
            "operators": .array(people.map { .object(Self.json($0)) }), "groups": .array(groups.map(JSON.string)),
        ]
    }

    /// Tells of changes for as long as the token lasts. The page then reads the state.
    func events(_ head: InboundHead) async throws(DashboardFailure) -> InboundResponse {
        let (token, _, id) = try access(head, conversation: conversation(head))
        guard token.canRead else { throw .notAllowed }
        let left = Instant(milliseconds: Int64(token.expires) * 1000) - clock.now
        // From here on nothing is missed: the page reads the state when it hears that it listens.
        let changes = watch.changes(of: id)
        let stream = AsyncStream<[UInt8]>(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let task = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for await _ in changes {
                            try? await Task.sleep(for: Self.breath)
                            continuation.yield(Array("event: changed\ndata: {}\n\n".utf8))
                        }
                    }
                    group.addTask {
                        while !Task.isCancelled {
                            try? await Task.sleep(for: Self.keepAlive)
                            continuation.yield(Array(": still here\n\n".utf8))
                        }
                    }
                    group.addTask { try? await Task.sleep(for: left) }
                    // The token's end, or the host's.
                    await group.next()
                    group.cancelAll()
                }
                continuation.yield(Array("event: end\ndata: {}\n\n".utf8))
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
            continuation.yield(Array("event: ready\ndata: {}\n\n".utf8))
        }
        return InboundResponse(
            status: 200, headers: [("content-type", "text/event-stream; charset=utf-8")], body: .stream(stream))
    }
}
