import EventJSON
import Moonwire
import SQLiteJournal
import Testing

/// Which of a platform's ids the ledger knows as its own.
struct LedgerNativeTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
    }

    @Test func whatABroadcastOpenedForAClientIsNotTakenForAnotherOnes() async throws {
        var ids: [BroadcastID] = []
        for name in ["one", "two"] {
            ids.append(try await desk.begin(LedgerDesk.plan(name), audience: 2))
            _ = try await desk.claim(ids.last ?? BroadcastID(rawValue: 0), 1...2)
        }
        var elsewhere = LedgerDesk.plan("elsewhere")
        elsewhere.channel = "desk"
        ids.append(try await desk.begin(elsewhere, audience: 1))
        _ = try await desk.claim(ids[2], 1...1)
        func settle(_ id: BroadcastID, _ number: Int64, native: String) async throws {
            try await desk.change(
                .settle(id, Settlement(number: number, attempt: 1, state: .sent, nativeID: native)))
        }
        try await settle(ids[0], 1, native: "77")
        try await settle(ids[0], 2, native: "78")
        try await settle(ids[2], 1, native: "79")
        func recorded(_ id: BroadcastID, _ since: Instant) async throws -> Set<String> {
            try await desk.journal.recordedNativeIDs(
                of: SessionID(channel: "shop", id: "broadcast:\(id):1"), since: since)
        }
        #expect(try await recorded(ids[1], LedgerDesk.start) == ["77"])
        #expect(try await recorded(ids[1], LedgerDesk.start + .seconds(1)) == [])
    }

    @Test func whatABroadcastWroteIntoASessionIsNotTakenForAScripts() async throws {
        let answer = try await desk.change(.create(LedgerDesk.plan(), key: "1", starts: true))
        let open = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        let row = AudienceRow(["phone": "+15550000001", "session": "118"])
        try await desk.change(
            .add(open, [AudienceEntry(address: "phone:+15550000001", row: row.json)], rejected: [], position: 1))
        let claim = Claim(
            number: 1, addresses: row.addresses(on: "shop"),
            verdict: .send(RawJSON(validated: Array(#"{"text":"hi"}"#.utf8))))
        try await desk.change(.claim(open, [claim], paces: []))
        try await desk.change(.settle(open, Settlement(number: 1, attempt: 1, state: .sent, nativeID: "9001")))
        let recorded = try await desk.journal.recordedNativeIDs(
            of: SessionID(channel: "shop", id: "118"), since: LedgerDesk.start)
        #expect(recorded == ["9001"])
    }
}
