import GRDB
import Moonwire

/// Performs store operations inside the transaction of their step.
///
/// Confined to the writer's queue. What an operation means is `StoreVerdict`'s and `Allowance`'s to say.
final class StoreWriter {
    private let find, write, remove, listKeys, findLimit, writeLimit: PreparedStatement

    init(_ db: Database) throws {
        find = try PreparedStatement("SELECT value, expires FROM kv WHERE scope = ?1 AND key = ?2", db)
        write = try PreparedStatement(
            "INSERT OR REPLACE INTO kv (scope, key, value, expires) VALUES (?1, ?2, ?3, ?4)", db)
        remove = try PreparedStatement("DELETE FROM kv WHERE scope = ?1 AND key = ?2", db)
        // Keys compare byte by byte, so that those with a prefix stand together from the prefix on.
        listKeys = try PreparedStatement(
            "SELECT key FROM kv WHERE scope = ?1 AND key >= ?2 AND (expires IS NULL OR expires > ?3) ORDER BY key", db)
        findLimit = try PreparedStatement(
            "SELECT count, period, level, at FROM limits WHERE scope = ?1 AND key = ?2", db)
        writeLimit = try PreparedStatement(
            """
            INSERT OR REPLACE INTO limits (scope, key, count, period, level, at, full)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, db)
    }

    func perform(
        _ operation: HostEffect.StoreOperation, at now: Instant
    ) throws(SQLiteFailure) -> Result<RawJSON, EffectFailure> {
        let key = operation.key
        switch operation.command {
        case .get:
            return .success(try cell(of: operation, at: now)?.value ?? .null)
        case .set(let value, let ttl):
            return try apply(.set(value, ttl: ttl, key: key, at: now), to: operation)
        case .increment(let amount, let ttl):
            let cell = try cell(of: operation, at: now)
            return try apply(.increment(cell, by: amount, ttl: ttl, key: key, at: now), to: operation)
        case .compareAndSet(let expected, let new, let ttl):
            let cell = try cell(of: operation, at: now)
            return try apply(
                .compareAndSet(cell, expected: expected, new: new, ttl: ttl, key: key, at: now), to: operation)
        case .keys(let limit, let last):
            return try keys(of: operation, limit: limit, after: last, at: now)
        case .limit(let count, let period):
            return try take(from: operation, count: count, period: period, at: now)
        }
    }

    private func cell(of operation: HostEffect.StoreOperation, at now: Instant) throws(SQLiteFailure) -> StoreCell? {
        find.bind(1, operation.scope)
        find.bind(2, operation.key)
        guard try find.next() else { return nil }
        defer { find.reset() }
        let cell = StoreCell(
            value: RawJSON(validated: find.bytes(0) ?? []), expires: find.optionalInt(1).map(Instant.init(rawValue:)))
        return cell.isAlive(at: now) ? cell : nil
    }

    private func apply(
        _ verdict: StoreVerdict, to operation: HostEffect.StoreOperation
    ) throws(SQLiteFailure) -> Result<RawJSON, EffectFailure> {
        switch verdict.change {
        case .none: break
        case .write(let cell):
            write.bind(1, operation.scope)
            write.bind(2, operation.key)
            write.bind(3, cell.value.bytes)
            write.bind(4, cell.expires?.rawValue)
            try write.run()
        case .remove:
            remove.bind(1, operation.scope)
            remove.bind(2, operation.key)
            try remove.run()
        }
        return verdict.answer
    }

    private func keys(
        of operation: HostEffect.StoreOperation, limit: Int, after last: String?, at now: Instant
    ) throws(SQLiteFailure) -> Result<RawJSON, EffectFailure> {
        if let refusal = StoreVerdict.refusal(ofKeysLimit: limit) { return .failure(refusal) }
        listKeys.bind(1, operation.scope)
        let start = last.map { operation.key.utf8.lexicographicallyPrecedes($0.utf8) ? $0 : operation.key }
        listKeys.bind(2, start ?? operation.key)
        listKeys.bind(3, now.rawValue)
        var keys: [String] = []
        while keys.count < limit, try listKeys.next() {
            let key = listKeys.text(0)
            guard key.utf8.starts(with: operation.key.utf8) else { break }
            if key != last { keys.append(key) }
        }
        listKeys.reset()
        return .success(StoreVerdict.list(keys))
    }

    private func take(
        from operation: HostEffect.StoreOperation, count: Int, period: Duration, at now: Instant
    ) throws(SQLiteFailure) -> Result<RawJSON, EffectFailure> {
        var allowance: Allowance
        switch Allowance.full(count: count, period: period, at: now) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let full): allowance = full
        }
        findLimit.bind(1, operation.scope)
        findLimit.bind(2, operation.key)
        if try findLimit.next() {
            allowance.resume(
                from: Allowance(
                    count: findLimit.int(0), period: findLimit.int(1), level: findLimit.int(2),
                    at: Instant(rawValue: findLimit.int(3))))
            findLimit.reset()
        }
        let answer = allowance.take(at: now)
        writeLimit.bind(1, operation.scope)
        writeLimit.bind(2, operation.key)
        writeLimit.bind(3, allowance.count)
        writeLimit.bind(4, allowance.period)
        writeLimit.bind(5, allowance.level)
        writeLimit.bind(6, allowance.at.rawValue)
        writeLimit.bind(7, allowance.fullAt.rawValue)
        try writeLimit.run()
        return .success(answer)
    }
}
