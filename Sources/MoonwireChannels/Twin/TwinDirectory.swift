import Moonwire
import TwinAPI

/// The operators, groups and chats by the names that scripts use. Read when first asked for, and again after a while.
actor TwinDirectory {
    private let api: TwinOperatorAPI
    private var operators: (list: [TwinUser], at: ContinuousClock.Instant)?
    private var groups: (list: [TwinGroup], at: ContinuousClock.Instant)?
    private var chats: (list: [TwinChat], at: ContinuousClock.Instant)?
    private static let lifetime: Duration = .seconds(300)

    init(api: TwinOperatorAPI) {
        self.api = api
    }

    /// An operator by id, e-mail address or name.
    func `operator`(_ name: String) async throws -> TwinUser {
        if let operators, isFresh(operators.at), let found = find(name, in: operators.list) { return found }
        let list = try await api.allOperators()
        operators = (list, ContinuousClock.now)
        if let found = find(name, in: list) { return found }
        throw unknown("operator", name, list.map(\.name))
    }

    /// A group by id or name.
    func group(_ name: String) async throws -> TwinGroup {
        if let groups, isFresh(groups.at), let found = find(name, in: groups.list) { return found }
        let list = try await api.allGroups()
        groups = (list, ContinuousClock.now)
        if let found = find(name, in: list) { return found }
        throw unknown("group", name, list.compactMap(\.name))
    }

    /// A chat by id or name; without one the only chat there is.
    func chat(_ name: String?) async throws -> TwinChat {
        if let chats, isFresh(chats.at), let found = find(name, in: chats.list) { return found }
        let list = try await api.chats().items
        chats = (list, ContinuousClock.now)
        if let found = find(name, in: list) { return found }
        let names = list.map { $0.name ?? $0.id }
        guard let name else {
            throw ChannelError.invalid("the option inbox is needed: a chat, one of \(names.joined(separator: ", "))")
        }
        throw unknown("chat", name, names)
    }

    private func isFresh(_ readAt: ContinuousClock.Instant) -> Bool { ContinuousClock.now - readAt < Self.lifetime }

    private func find(_ name: String, in operators: [TwinUser]) -> TwinUser? {
        let folded = FoldedText.fold(name)
        return operators.first { $0.id == name || $0.email?.lowercased() == name.lowercased() }
            ?? operators.first { FoldedText.fold($0.name) == folded }
    }

    private func find(_ name: String, in groups: [TwinGroup]) -> TwinGroup? {
        let folded = FoldedText.fold(name)
        return groups.first { $0.id == name } ?? groups.first { $0.name.map(FoldedText.fold) == folded }
    }

    private func find(_ name: String?, in chats: [TwinChat]) -> TwinChat? {
        guard let name else { return chats.count == 1 ? chats.first : nil }
        let folded = FoldedText.fold(name)
        return chats.first { $0.id == name } ?? chats.first { $0.name.map(FoldedText.fold) == folded }
    }

    private func unknown(_ what: String, _ name: String, _ known: [String]) -> ChannelError {
        let hint =
            NearestWord.to(name, in: known).map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"
        return ChannelError(
            code: "not_found", message: "the platform has no \(what) '\(name)'\(hint)", fate: .notPerformed,
            retryable: false)
    }
}
