public import Logging
public import Moonwire

/// What the dashboard asks of the engine.
public protocol DashboardEngine: Sendable {
    func admit(_ events: [Event]) async throws -> AdmissionReport
    func pause(_ event: Event, by person: Operator) async throws
    func resume(_ event: Event) async throws
    /// Returns when everything recorded so far can be read.
    func settle() async
}

extension Engine: DashboardEngine {}

/// The dashboard apps of a host: pages that its platforms show to operators beside a session.
///
/// Knows the protocol between a platform's page and an embedded one, who may look at what, and how a session is shown.
/// It knows no sockets: its routes are mounted by whoever serves them. What a page claims is a hint; what counts is what
/// the channel's own credential reads, and who somebody is by signing in. Everything that changes something goes
/// through the journal.
public final class Dashboard: Sendable {
    /// A channel as apps see it.
    public struct Desk: Sendable {
        let descriptor: ChannelDescriptor
        let desk: any OperatorDesk

        public init(_ descriptor: ChannelDescriptor, _ desk: any OperatorDesk) {
            self.descriptor = descriptor
            self.desk = desk
        }
    }

    let apps: [String: DashboardApp]
    let desks: [ChannelID: Desk]
    let engine: any DashboardEngine
    let journal: any SessionGlancing
    let watch: SessionWatch
    let keys: SigningKeys
    /// Where the host's pages come from, such as `https://bots.example.com`.
    let origin: String
    /// What stands before all paths as browsers see them; empty, or as `/bots`.
    let prefix: String
    let clock: HostClock
    let logger: Logger

    /// From the sign-in window to the page that opened it.
    let handOvers = OneTimeCodes()
    let pairings = OneTimeCodes()
    let repeated = RepeatedRequests()
    let exchanges = AttemptLimit(60)
    let signIns = AttemptLimit(10)

    /// - Parameters:
    ///   - desks: Of the channels that apps are for.
    ///   - watch: Hears what the engine tells.
    public init(
        _ apps: [DashboardApp], desks: [Desk], engine: any DashboardEngine, journal: any SessionGlancing,
        watch: SessionWatch, keys: SigningKeys, origin: String, prefix: String = "", clock: HostClock = .system,
        logger: Logger
    ) {
        self.apps = Dictionary(apps.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.desks = Dictionary(desks.map { ($0.descriptor.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.engine = engine
        self.journal = journal
        self.watch = watch
        self.keys = keys
        self.origin = origin
        self.prefix = prefix
        self.clock = clock
        self.logger = logger
    }

    /// To be mounted on the public web server.
    public var routes: [any InboundRoute] {
        apps.values.sorted { $0.name < $1.name }.map { DashboardPageRoute(app: $0, prefix: prefix) } + [
            DashboardAPIRoute(self)
        ]
    }

    /// Makes a code with which an operator signs in once, within ten minutes.
    ///
    /// - Returns: `nil` when the account has no such operator.
    /// - Parameter person: Id, e-mail address or name.
    public func pair(_ person: String, app name: String) async throws(ChannelError) -> (code: String, person: Operator)?
    {
        guard let app = apps[name], let desk = desks[app.channel]?.desk else { return nil }
        let wanted = person.lowercased()
        let everybody = try await desk.deskOperators()
        guard
            let found = everybody.first(where: { $0.id == person })
                ?? everybody.first(where: { $0.email?.lowercased() == wanted || $0.name?.lowercased() == wanted })
        else { return nil }
        let code = Randomness.spokenCode(length: 10)
        let now = clock.now
        guard
            pairings.add(
                code, OneTimeCodes.Grant(app: name, person: found), until: now + Self.pairingLife, now: now)
        else { return nil }
        return (code, found)
    }

    static let pairingLife: Duration = .seconds(600)
    static let handOverLife: Duration = .seconds(60)
}
