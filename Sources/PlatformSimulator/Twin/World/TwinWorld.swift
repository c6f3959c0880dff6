import Foundation

/// The database and the business rules of one TWIN24 installation.
///
/// Everything that a request or a client may change lives here, behind one actor; what it changes is published through
/// ``TwinAnnouncer``. It knows nothing of HTTP and sockets.
actor TwinWorld {
    struct Grant {
        let operatorID: Int
        /// Seconds since 1970, with a fraction.
        var expiresAt: Double
    }

    let announcer: TwinAnnouncer
    let faults: FaultDials
    let ledger: TwinLedger
    /// Where links to files point; set once the port is known.
    var iamURL = ""
    private let clock: @Sendable () -> Date

    var operators: [Int: TwinOperator] = [:]
    var groups: [TwinGroup] = []
    var chats: [TwinChat] = []
    var clients: [String: TwinClient] = [:]
    var sessions: [String: TwinSession] = [:]
    var sessionsByClient: [String: [TwinSession]] = [:]
    var messages: [String: TwinMessage] = [:]
    var files: [String: TwinFile] = [:]
    var notifications: [TwinNotification] = []
    var grants: [String: Grant] = [:]
    var refreshGrants: [String: Int] = [:]
    private var lastSession = 0
    private var tokens: TokenSource

    init(announcer: TwinAnnouncer, faults: FaultDials, seed: UInt64, clock: @escaping @Sendable () -> Date) {
        self.announcer = announcer
        self.faults = faults
        ledger = announcer.hub.ledger
        self.clock = clock
        tokens = TokenSource(seed: seed &+ 24)
    }

    var dials: FaultSettings.Twin { faults.settings.twin }
    /// The platform's time, which may be ahead of everybody else's.
    var now: Date { clock() + dials.clockOffsetSeconds }

    func setIAMURL(_ url: String) { iamURL = url }
    func makeUUID() -> String { tokens.uuid() }
    func makeToken() -> String { tokens.token() }

    func nextSessionNumber() -> Int {
        lastSession += 1
        return lastSession
    }

    /// Forgets all that was written and starts again from the demo world; tokens are void, open streams stay.
    func reset() {
        operators = [:]
        groups = []
        chats = []
        clients = [:]
        sessions = [:]
        sessionsByClient = [:]
        messages = [:]
        files = [:]
        notifications = []
        grants = [:]
        refreshGrants = [:]
        ledger.reset()
        populate()
    }

    /// Fills an empty world with what ``TwinDemoWorld`` describes.
    func populate() {
        typealias Demo = TwinDemoWorld
        operators[Demo.operatorID] = TwinOperator(
            id: Demo.operatorID, email: Demo.operatorEmail, password: Demo.operatorPassword, firstName: "Moonwire",
            lastName: "Seat")
        operators[Demo.colleagueID] = TwinOperator(
            id: Demo.colleagueID, email: Demo.colleagueEmail, password: Demo.colleaguePassword, firstName: "Olga",
            lastName: "Human")
        groups = [
            TwinGroup(
                id: Demo.supportGroupID, name: Demo.supportGroupName, memberIDs: [Demo.operatorID, Demo.colleagueID]),
            TwinGroup(id: Demo.billingGroupID, name: Demo.billingGroupName, memberIDs: [Demo.colleagueID]),
        ]
        chats = [
            TwinChat(
                id: Demo.chatID, name: Demo.chatName, botID: Demo.botID, sessionTTL: 3600, results: Demo.results)
        ]
        clients[Demo.clientID] = TwinClient(id: Demo.clientID, name: Demo.clientName)
    }

    func session(_ id: String) throws(TwinRefusal) -> TwinSession {
        guard let session = sessions[id] else { throw .notFound }
        return session
    }

    func openSession(_ id: String) throws(TwinRefusal) -> TwinSession {
        let session = try session(id)
        guard session.isOpen else { throw .wrongState("Session is closed.") }
        return session
    }

    func person(_ id: Int) throws(TwinRefusal) -> TwinOperator {
        guard let found = operators[id] else { throw .notFound }
        return found
    }

    func client(_ id: String) throws(TwinRefusal) -> TwinClient {
        guard let found = clients[id] else { throw .notFound }
        return found
    }
}
