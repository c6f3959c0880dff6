import ChatwootAPI
import Moonwire

/// The account's agents and teams by the names that scripts use. Read when first asked for, and again after a while.
actor ChatwootDirectory {
    private let api: ChatwootOperatorAPI
    private var agents: (list: [ChatwootAgent], at: ContinuousClock.Instant)?
    private var teams: (list: [ChatwootTeam], at: ContinuousClock.Instant)?
    private static let lifetime: Duration = .seconds(300)

    init(api: ChatwootOperatorAPI) {
        self.api = api
    }

    /// An agent by id, e-mail address or name.
    func agent(_ name: String) async throws -> ChatwootAgent {
        if let found = Self.find(name, in: agents?.list ?? []), isFresh(agents?.at) { return found }
        let list = try await api.agents()
        agents = (list, ContinuousClock.now)
        if let found = Self.find(name, in: list) { return found }
        throw Self.unknown("agent", name, list.map { $0.name })
    }

    /// All agents of the account.
    func everybody() async throws -> [ChatwootAgent] {
        if let agents, isFresh(agents.at) { return agents.list }
        let list = try await api.agents()
        agents = (list, ContinuousClock.now)
        return list
    }

    /// All teams of the account.
    func allTeams() async throws -> [ChatwootTeam] {
        if let teams, isFresh(teams.at) { return teams.list }
        let list = try await api.teams()
        teams = (list, ContinuousClock.now)
        return list
    }

    /// A team by id or name. The platform keeps team names in lower case.
    func team(_ name: String) async throws -> ChatwootTeam {
        if let found = Self.find(name, in: teams?.list ?? []), isFresh(teams?.at) { return found }
        let list = try await api.teams()
        teams = (list, ContinuousClock.now)
        if let found = Self.find(name, in: list) { return found }
        throw Self.unknown("team", name, list.map(\.name))
    }

    private func isFresh(_ readAt: ContinuousClock.Instant?) -> Bool {
        readAt.map { ContinuousClock.now - $0 < Self.lifetime } ?? false
    }

    private static func find(_ name: String, in agents: [ChatwootAgent]) -> ChatwootAgent? {
        let folded = FoldedText.fold(name)
        return agents.first { agent in
            String(agent.id) == name || agent.email?.lowercased() == name.lowercased()
                || FoldedText.fold(agent.name) == folded
                || agent.availableName.map(FoldedText.fold) == folded
        }
    }

    private static func find(_ name: String, in teams: [ChatwootTeam]) -> ChatwootTeam? {
        let folded = FoldedText.fold(name)
        return teams.first { String($0.id) == name || FoldedText.fold($0.name) == folded }
    }

    private static func unknown(_ what: String, _ name: String, _ known: [String]) -> ChannelError {
        let hint =
            NearestWord.to(name, in: known).map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"
        return ChannelError(
            code: "not_found", message: "the account has no \(what) '\(name)'\(hint)", fate: .notPerformed,
            retryable: false)
    }
}
