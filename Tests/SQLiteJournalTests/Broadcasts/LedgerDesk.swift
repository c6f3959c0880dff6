import EventJSON
import Foundation
import Moonwire
import SQLiteJournal

/// A ledger with a plan, and the calls that a test of it needs.
struct LedgerDesk {
    let journal: SQLiteJournal

    static let start = Instant(seconds: 1_790_000_000)

    static func plan(_ name: String = "autumn", topic: String = "promo") -> BroadcastPlan {
        BroadcastPlan(
            name: name, script: "bot", version: "1", channel: "shop", topic: topic, audience: .script,
            message: .template("Hi {name}"))
    }

    static func entries(_ numbers: ClosedRange<Int>) -> [AudienceEntry] {
        numbers.map { number in
            let row = AudienceRow(["phone": .string(phone(number)), "name": .string("n\(number)")])
            return AudienceEntry(address: "phone:" + phone(number), row: row.json)
        }
    }

    static func phone(_ number: Int) -> String { "+1555\(1_000_000 + number)" }

    @discardableResult
    func change(_ operation: LedgerOperation, at now: Instant = LedgerDesk.start) async throws -> JSON {
        let result: JournalEntryResult? = try await withCheckedThrowingContinuation { continuation in
            journal.append(
                JournalBatch(entries: [.broadcast(LedgerEntry(operation, at: now))], mayFail: true) { result in
                    continuation.resume(with: result.map(\.first).mapError { $0 as any Error })
                })
        }
        switch result {
        case .stored(let value)?: return try JSON(parsing: value.bytes)
        case .refused(let failure)?: throw failure
        default: return .null
        }
    }

    /// A running broadcast with an audience.
    func begin(_ plan: BroadcastPlan = plan(), key: String = "1", audience: Int) async throws -> BroadcastID {
        let answer = try await change(.create(plan, key: key, starts: true))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        if audience > 0 {
            try await change(
                .add(id, Self.entries(1...audience), rejected: [], position: Int64(audience)))
        }
        try await change(.closeAudience(id, error: nil))
        return id
    }

    func claims(_ numbers: ClosedRange<Int>) -> [Claim] {
        numbers.map { number in
            Claim(
                number: Int64(number), addresses: ["phone:" + Self.phone(number)],
                verdict: .send(RawJSON(validated: Array(#"{"text":"hi"}"#.utf8))))
        }
    }

    /// The numbers that a claim was given.
    func claim(
        _ id: BroadcastID, _ numbers: ClosedRange<Int>, paces: [NamedPace] = [], at now: Instant = LedgerDesk.start
    ) async throws -> (numbers: [Int], wait: Int) {
        let answer = try await change(.claim(id, claims(numbers), paces: paces), at: now)
        return ((answer["claimed"]?.elements ?? []).compactMap(\.int), answer["wait"]?.int ?? 0)
    }

    func settle(_ id: BroadcastID, _ number: Int, _ state: RecipientState, attempt: Int = 1) async throws {
        try await change(.settle(id, Settlement(number: Int64(number), attempt: attempt, state: state)))
    }

    func counts(_ id: BroadcastID) async throws -> BroadcastCounts {
        try await journal.broadcast(.id(id))?.counts ?? BroadcastCounts()
    }

    func state(_ id: BroadcastID) async throws -> BroadcastState? { try await journal.broadcast(.id(id))?.state }
}
