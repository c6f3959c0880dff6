import EventJSON
import GRDB
import GRDBSQLite
import Moonwire

/// Changes the ledger of broadcasts inside a transaction that is someone else's. Confined to the writer's queue.
///
/// Statements are prepared when the first broadcast needs them: most journals hold none.
final class LedgerWriter {
    let db: Database
    private var prepared: [String: PreparedStatement] = [:]

    init(_ db: Database) {
        self.db = db
    }

    typealias Answer = Result<RawJSON, EffectFailure>

    func perform(_ operation: LedgerOperation, at now: Instant) throws(SQLiteFailure) -> Answer {
        switch operation {
        case .create(let plan, let key, let starts): return try create(plan, key: key, starts: starts, at: now)
        case .add(let id, let entries, let rejected, let position, let cursor):
            return try add(entries, rejected, position: position, cursor: cursor, to: id)
        case .closeAudience(let id, let error, let attempt):
            return try closeAudience(of: id, error: error, attempt: attempt)
        case .steer(let target, let steering, let reason):
            return try with(target) { row throws(SQLiteFailure) in try steer(row, steering, reason: reason, at: now) }
        case .claim(let id, let claims, let paces): return try claim(claims, of: id, paces: paces, at: now)
        case .settle(let id, let settlement): return try settle(settlement, of: id, at: now)
        case .clear(let id, let limit): return try clear(id, limit: limit, at: now)
        case .finish(let id): return try finish(id, at: now)
        case .hold(let id):
            try run(
                "UPDATE broadcasts SET held = ?2 WHERE id = ?1 AND held IS NULL", .int(id.rawValue), .int(now.rawValue))
            return .success(.null)
        case .nextStep(let id):
            try run("UPDATE broadcasts SET held = NULL, step = step + 1 WHERE id = ?1", .int(id.rawValue))
            return .success(.null)
        case .told(let number):
            try run("DELETE FROM broadcast_changes WHERE id <= ?1", .int(number))
            return .success(.null)
        case .retry(let target):
            return try with(target) { row throws(SQLiteFailure) in try retry(row, at: now) }
        case .resolve(let target, let address, let resolution):
            return try with(target) { row throws(SQLiteFailure) in
                try resolve(row, address: address, as: resolution, at: now)
            }
        case .optOut(let addresses, let topic): return try optOut(addresses, topic, at: now)
        case .optIn(let addresses, let topic): return try optIn(addresses, topic, at: now)
        case .isOptedOut(let addresses, let topic):
            return .success(Self.bool(try isOptedOut(withClients(addresses), topic)))
        case .know(let session, let addresses): return try know(session, of: addresses, at: now)
        case .status(let target):
            guard let row = try find(target) else { return .success(.null) }
            return .success(row.figures)
        }
    }

    private func with(
        _ target: BroadcastTarget, _ body: (LedgerHeader) throws(SQLiteFailure) -> Answer
    ) throws(SQLiteFailure) -> Answer {
        guard let row = try find(target) else {
            let name =
                if case .named(let name, let key) = target { name + (key.map { " with the key \($0)" } ?? "") } else {
                    "\(target)"
                }
            return .failure(EffectFailure(code: "not_found", message: "there is no broadcast \(name)"))
        }
        return try body(row)
    }
}

// The few calls by which the statements are run.
extension LedgerWriter {
    enum Value {
        case int(Int64)
        case text(String)
        case blob([UInt8])
        case null

        static func optional(_ text: String?) -> Value { text.map(Value.text) ?? .null }
    }

    func statement(_ sql: String, _ values: [Value]) throws(SQLiteFailure) -> PreparedStatement {
        let statement: PreparedStatement
        if let known = prepared[sql] {
            statement = known
        } else {
            do { statement = try PreparedStatement(sql, db) } catch { throw SQLiteFailure(error) }
            prepared[sql] = statement
        }
        for (index, value) in values.enumerated() {
            let index = Int32(index + 1)
            switch value {
            case .int(let number): statement.bind(index, number)
            case .text(let text): statement.bind(index, text)
            case .blob(let bytes): statement.bind(index, bytes)
            case .null: statement.bindNull(index)
            }
        }
        return statement
    }

    /// - Returns: how many rows changed.
    @discardableResult
    func run(_ sql: String, _ values: Value...) throws(SQLiteFailure) -> Int64 {
        try statement(sql, values).run()
        return Int64(sqlite3_changes(db.sqliteConnection))
    }

    func number(_ sql: String, _ values: Value...) throws(SQLiteFailure) -> Int64? {
        let statement = try statement(sql, values)
        guard try statement.next() else { return nil }
        defer { statement.reset() }
        return statement.optionalInt(0)
    }

    func find(_ target: BroadcastTarget) throws(SQLiteFailure) -> LedgerHeader? {
        let statement: PreparedStatement
        switch target {
        case .id(let id):
            statement = try self.statement(
                "SELECT \(LedgerHeader.columns) FROM broadcasts WHERE id = ?1", [.int(id.rawValue)])
        case .named(let name, let key):
            statement = try self.statement(
                """
                SELECT \(LedgerHeader.columns) FROM broadcasts
                WHERE name = ?1 AND (key = ?2 OR ?2 IS NULL AND state <> 6) ORDER BY id DESC LIMIT 1
                """, [.text(name), .optional(key)])
        }
        guard try statement.next() else { return nil }
        defer { statement.reset() }
        return LedgerHeader(statement)
    }

    /// Moves recipients from one count to another.
    func count(_ changes: BroadcastCounts, of id: BroadcastID) throws(SQLiteFailure) {
        guard changes != BroadcastCounts() else { return }
        try run(
            """
            UPDATE broadcasts SET pending = pending + ?2, claimed = claimed + ?3, sent = sent + ?4,
            skipped = skipped + ?5, failed = failed + ?6, unknown = unknown + ?7 WHERE id = ?1
            """, .int(id.rawValue), .int(changes.pending), .int(changes.claimed), .int(changes.sent),
            .int(changes.skipped), .int(changes.failed), .int(changes.unknown))
    }

    /// Counts why recipients were skipped.
    func count(_ skips: BroadcastFigures.Skips, of id: BroadcastID) throws(SQLiteFailure) {
        guard skips != BroadcastFigures.Skips() else { return }
        try run(
            """
            UPDATE broadcasts SET skipped_opted_out = skipped_opted_out + ?2, skipped_capped = skipped_capped + ?3,
            skipped_cancelled = skipped_cancelled + ?4 WHERE id = ?1
            """, .int(id.rawValue), .int(skips.optedOut), .int(skips.frequencyCap), .int(skips.cancelled))
    }

    static func bool(_ flag: Bool) -> RawJSON { RawJSON(validated: Array((flag ? "true" : "false").utf8)) }

    static func object(_ members: JSONObject) -> RawJSON { RawJSON(validated: JSON.object(members).bytes) }

    static func refusal(_ message: String) -> Answer {
        .failure(EffectFailure(code: "invalid", message: message))
    }
}

/// A broadcast's row without its plan.
struct LedgerHeader {
    static let columns = """
        id, key, name, topic, state, reason, complete, pending, claimed, sent, skipped, failed, unknown, rejected,
        duplicates, opt_outs, started, ended, asked, broken
        """

    let id: BroadcastID
    let key: String
    let name: String
    let topic: String
    let state: BroadcastState
    let reason: String?
    let isComplete: Bool
    let counts: BroadcastCounts
    let rejected, duplicates, optOuts: Int64
    let started, ended: Int64?
    let asked: Int64
    let isBroken: Bool

    init(_ row: PreparedStatement) {
        id = BroadcastID(rawValue: row.int(0))
        key = row.text(1)
        name = row.text(2)
        topic = row.text(3)
        state = BroadcastState(rawValue: row.int(4)) ?? .paused
        reason = row.bytes(5).map { String(decoding: $0, as: UTF8.self) }
        isComplete = row.int(6) != 0
        var counts = BroadcastCounts()
        for (offset, state) in RecipientState.allCases.enumerated() { counts[state] = row.int(Int32(7 + offset)) }
        self.counts = counts
        rejected = row.int(13)
        duplicates = row.int(14)
        optOuts = row.int(15)
        started = row.optionalInt(16)
        ended = row.optionalInt(17)
        asked = row.int(18)
        isBroken = row.int(19) != 0
    }

    /// What `status` tells.
    var figures: RawJSON {
        var members: JSONObject = [
            "name": .string(name), "key": .string(key), "state": .string(state.word),
            "audience": .int(counts.total), "complete": .bool(isComplete),
        ]
        for state in RecipientState.allCases { members[state.word] = .int(counts[state]) }
        members["rejected"] = .int(rejected)
        members["duplicates"] = .int(duplicates)
        members["opt_outs"] = .int(optOuts)
        if let reason { members["reason"] = .string(reason) }
        return LedgerWriter.object(members)
    }
}
