import GRDB
import Moonwire

/// What can be read in one view of a journal.
protocol JournalViewing: Sendable {
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(JournalError)
        -> Value
}

extension SQLiteJournal: JournalViewing {}
extension JournalReader: JournalViewing {}

/// Looks ahead at what a claim would say. What it remembers of rows lies in a temporary database of SQLite's own, which
/// goes to a file as soon as it is larger than its cache, and away with this object.
final class LedgerForecast: AudienceForecast {
    private struct Past: Sendable {
        let hasOptedOut: Bool
        /// Those of the row, and those of the client whose session it names.
        let addresses: [String]
        /// How many messages each address has had within the cap's period.
        let messages: [Int64]
    }

    private let journal: any JournalViewing
    private let scratch: DatabaseQueue
    private let plan: BroadcastPlan
    private let now: Instant
    private let folds: Bool

    init(_ journal: any JournalViewing, _ plan: BroadcastPlan, at now: Instant, folds: Bool) throws(JournalError) {
        self.journal = journal
        self.plan = plan
        self.now = now
        self.folds = folds
        var configuration = Configuration()
        configuration.label = "moonwire.journal.forecast"
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000")
        }
        do {
            // Without a name: a file that nobody else sees.
            scratch = try DatabaseQueue(path: "", configuration: configuration)
            try scratch.writeWithoutTransaction { db in
                try db.execute(
                    sql: """
                        CREATE TABLE seen (address TEXT PRIMARY KEY) WITHOUT ROWID;
                        CREATE TABLE written (address TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
                        """)
            }
        } catch {
            throw Self.failure(error)
        }
    }

    func verdicts(of rows: [ForecastRow]) async throws(JournalError) -> [ForecastVerdict] {
        let (plan, now, folds) = (plan, now, folds)
        let past = try await journal.read { db in
            try rows.map { $0.isSendable ? try Self.past(of: $0, plan, now, db) : nil }
        }
        do {
            return try await scratch.writeWithoutTransaction { db in
                try zip(rows, past).map { try Self.verdict($0, $1, plan, folds: folds, db) }
            }
        } catch {
            throw Self.failure(error)
        }
    }

    private static func past(
        of row: ForecastRow, _ plan: BroadcastPlan, _ now: Instant, _ db: Database
    ) throws -> Past {
        let clients = try db.cachedStatement(sql: ConsentQuery.clientAddresses)
        var addresses = row.addresses
        for address in row.addresses {
            let others = try String.fetchAll(clients, arguments: [address])
            addresses += others.filter { !addresses.contains($0) }
        }
        let consent = try db.cachedStatement(sql: ConsentQuery.optOut)
        let hasOptedOut = try addresses.contains { try Int.fetchOne(consent, arguments: [$0, plan.topic]) != nil }
        guard let cap = plan.perClient, !hasOptedOut else {
            return Past(hasOptedOut: hasOptedOut, addresses: addresses, messages: [])
        }
        let count = try db.cachedStatement(
            sql: "SELECT count(*) FROM topic_messages WHERE topic = ? AND address = ? AND at > ?")
        let messages = try addresses.map {
            try Int64.fetchOne(count, arguments: [plan.topic, $0, now.rawValue - cap.period]) ?? 0
        }
        return Past(hasOptedOut: false, addresses: addresses, messages: messages)
    }

    private static func verdict(
        _ row: ForecastRow, _ past: Past?, _ plan: BroadcastPlan, folds: Bool, _ db: Database
    ) throws -> ForecastVerdict {
        if folds {
            let insert = try db.cachedStatement(
                sql: "INSERT INTO seen (address) VALUES (?) ON CONFLICT DO NOTHING")
            var isKnown = false
            for address in [row.address] + row.addresses.filter({ $0 != row.address }) {
                try insert.execute(arguments: [address])
                isKnown = isKnown || db.changesCount == 0
            }
            guard !isKnown else { return .duplicate }
        }
        guard let past else { return .unsendable }
        guard !past.hasOptedOut else { return .optedOut }
        guard let cap = plan.perClient else { return .sendable }
        let find = try db.cachedStatement(sql: "SELECT count FROM written WHERE address = ?")
        for (address, messages) in zip(past.addresses, past.messages) {
            let own = try Int64.fetchOne(find, arguments: [address]) ?? 0
            if messages + own >= cap.count { return .capped }
        }
        let add = try db.cachedStatement(
            sql: """
                INSERT INTO written (address, count) VALUES (?, 1) ON CONFLICT (address) DO UPDATE SET count = count + 1
                """)
        for address in past.addresses { try add.execute(arguments: [address]) }
        return .sendable
    }

    private static func failure(_ error: any Error) -> JournalError {
        if let error = error as? JournalError { return error }
        return JournalError(
            .other, "The look ahead needs room in the folder for temporary files: \(SQLiteFailure(error).message)")
    }
}
