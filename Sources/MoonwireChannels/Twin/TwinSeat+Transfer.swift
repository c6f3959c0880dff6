import Moonwire
import TwinAPI

extension TwinSeat {
    /// Hands a session to an operator or a group, or gives the seat's place in it up.
    func move(_ id: String, _ transfer: ChannelEffect.Transfer) async throws -> EffectReceipt {
        let owner: Owner
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
        if owner != .bot { sessions.update(id) { $0.isHandedOver = true } }
        do {
            try await call()
        } catch {
            let isInDoubt = (error as? TwinError)?.isInDoubt ?? false
            if !isInDoubt { sessions.update(id) { $0.isHandedOver = false } }
            throw error
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
            sessions.update(id) { $0.isHandedOver = false }
            return .undecided("the session is elsewhere now")
        }
        return .performed(changed(id) { $0.owner = self.translator.owner(of: view, me: self.me) })
    }
}
