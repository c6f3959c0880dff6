import ChatwootAPI
import Moonwire

extension ChatwootOperatorSeat: OperatorDesk {
    var account: String { String(api.accountID) }

    func deskSession(_ id: String) async throws(ChannelError) -> DeskSession? {
        guard let number = Int(id), number > 0, String(number) == id else { return nil }
        do {
            let fresh = try await api.conversation(number)
            guard fresh.id == number, worksIn(fresh.inboxID) else { return nil }
            let session = translator.session(fresh, known: sessions[number], ownUser: ownUser)
            sessions.store(number, session)
            return DeskSession(
                session: session, account: fresh.accountID.map(String.init), inbox: fresh.inboxID.map(String.init))
        } catch let error as ChatwootError where error.code == .notFound || error.code == .forbiddenAction {
            // One that the seat may not see is as good as none, and nothing tells them apart.
            return nil
        } catch {
            throw ChannelError(error)
        }
    }

    func deskOperators() async throws(ChannelError) -> [Operator] {
        do {
            return try await directory.everybody().map { agent in
                Operator(id: String(agent.id), name: agent.availableName ?? agent.name, email: agent.email)
            }
        } catch {
            throw ChannelError(error)
        }
    }

    func deskGroups() async throws(ChannelError) -> [String] {
        do {
            return try await directory.allTeams().map(\.name)
        } catch {
            throw ChannelError(error)
        }
    }

    func deskOwner(ofToken token: String) async throws(ChannelError) -> Operator? {
        do {
            let profile = try await api.acting(with: ChatwootSecret(token)).profile()
            guard profile.accounts.contains(where: { $0.id == api.accountID }) else { return nil }
            return Operator(
                id: String(profile.id), name: profile.availableName ?? profile.name, email: profile.email)
        } catch let error as ChatwootError where error.code == .invalidToken || error.code == .unauthorized {
            return nil
        } catch {
            throw ChannelError(error)
        }
    }
}
