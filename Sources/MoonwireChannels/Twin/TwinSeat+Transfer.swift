import Logging
import Moonwire
import TwinAPI

extension TwinSeat {
    /// Hands a session to an operator or a group, or gives the seat's place in it up.
    func move(_ id: String, _ transfer: ChannelEffect.Transfer) async throws -> EffectReceipt {
        var owner: Owner
        var seat: Operator?
        let call: () async throws -> Void
        switch transfer.target {
        case .operator(let name):
            let user = try await directory.operator(name)
            owner = user.id == me ? .bot : .operator
            seat = Operator(id: user.id, name: user.name, email: user.email)
            call = { try await self.api.transfer(id, toOperator: user.id) }
        case .group(let name):
            let group = try await directory.group(name)
            owner = .operator
            call = { try await self.api.transfer(id, toGroup: group.id) }
        case .queue:
            owner = .queue
            call = { try await self.api.removeOperator(self.me, from: id) }
        }
        // From here on nothing may follow it, not even what is asked before the platform's event arrives.
        if owner != .bot { sessions.update(id) { $0.handedOverAt = HostClock.system.now } }
        do {
            try await call()
        } catch {
            let isInDoubt = (error as? TwinError)?.isInDoubt ?? false
            if !isInDoubt { sessions.update(id) { $0.handedOverAt = nil } }
            throw error
        }
        // The least busy of a group may be the seat itself, and then the platform says nothing.
        if case .group = transfer.target, let view = await fresh(id), view.isHeld(by: me) {
            sessions.update(id) { $0.handedOverAt = nil }
            owner = .bot
        }
        return changed(id) {
            $0.owner = owner
            $0.operator = seat
        }
    }

    func isMoved(_ id: String, _ transfer: ChannelEffect.Transfer) async throws -> Reconciliation {
        let view = try await api.session(id)
        let isThere: Bool
        switch transfer.target {
        case .operator(let name): isThere = try await view.operatorID == directory.operator(name).id
        // Who of the group got it is the platform's choice, the seat itself among them.
        case .group, .queue: isThere = !view.isHeld(by: me)
        }
        guard isThere else {
            sessions.update(id) { $0.handedOverAt = nil }
            return .undecided("the session is elsewhere now")
        }
        return .performed(changed(id) { $0.owner = self.translator.owner(of: view, me: self.me) })
    }
    /// Hands all own sessions to a group, a few at once and each by itself: one that the platform does not give away
    /// keeps no other. Those that a human or the end has already are left alone.
    func handOver(to name: String) async {
        let target: TwinGroup
        do {
            target = try await directory.group(name)
        } catch {
            logger.warning("The sessions stay: no group", metadata: ["error": "\(error)"])
            return
        }
        var ids = sessions.own.filter { id in
            guard let entry = sessions[id] else { return sessions.remembered(id)?.isYielded != true }
            return !entry.isYielded && !entry.isHandedOver && !entry.isFinished
        }.sorted()[...]
        await withTaskGroup(of: Void.self) { group in
            func next() {
                guard let id = ids.popFirst() else { return }
                group.addTask { await self.handOver(id, to: target.id) }
            }
            for _ in 0..<4 { next() }
            while await group.next() != nil { if !Task.isCancelled { next() } }
        }
    }

    private func handOver(_ id: String, to group: String) async {
        do {
            try await api.transfer(id, toGroup: group)
        } catch {
            logger.warning("A session stays", metadata: ["session": "\(id)", "error": "\(error)"])
        }
    }
}
