import Moonwire
import TwinAPI

extension TwinSeat {
    /// Brings a notice to somebody who need not be in a session.
    func notify(
        _ opening: ChannelEffect.Opening, by notifier: TwinNotifier, key: String
    ) async throws -> EffectReceipt {
        var notice = try notice(of: opening)
        if let inbox = opening.inbox { notice.chat = try await directory.chat(inbox).id }
        return try await notifier.send(notice, key: key)
    }

    func notice(of opening: ChannelEffect.Opening) throws -> TwinNotice {
        guard let recipient = opening.recipient, let text = opening.message else {
            throw ChannelError.invalid("a notification needs a recipient and a message")
        }
        return TwinNotice(
            recipient: .person(recipient, otherwise: opening.otherwise), text: text, isTemplate: opening.isTemplate)
    }

    /// Looks for a notice; `nil` for an effect that is none.
    func findNotice(_ delivery: EffectDelivery) async throws -> Reconciliation? {
        let since = state.serverTime(delivery.intendedAt)
        switch delivery.effect {
        case .open(let opening) where opening.isNotice:
            return try await notifier?.find(try notice(of: opening), key: delivery.key, since: since)
        case .reply(let reply):
            let id = delivery.session.id
            guard let notifier = notifier(for: reply) else { return nil }
            let found = try await notifier.find(notice(of: reply, in: id), key: delivery.key, since: since)
            // In a session of its own the seat wrote it itself.
            if case .performed = found { return found }
            return own(id) == nil ? found : nil
        default: return nil
        }
    }

    /// Who notifies in a session that may be anybody's, if somebody may and can.
    func notifier(for reply: ChannelEffect.Reply) -> TwinNotifier? {
        guard reply.isNotice, let notifier, notifier.settings.reachesSessions else { return nil }
        return notifier
    }

    func notice(of reply: ChannelEffect.Reply, in session: String) -> TwinNotice {
        TwinNotice(recipient: .session(session), text: reply.text, isTemplate: reply.isTemplate)
    }
}
