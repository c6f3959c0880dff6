import EventJSON
import Moonwire
import SQLiteJournal
import Testing

/// Whose choice it is, however an audience names the client.
struct LedgerConsentTests {
    private let files: TemporaryJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        desk = LedgerDesk(journal: try files.open())
    }

    private func know(_ session: String, _ addresses: String..., at now: Instant = LedgerDesk.start) async throws {
        try await desk.change(.know(session: SessionID(channel: "shop", id: session), addresses: addresses), at: now)
    }

    private func isReached(_ session: String, _ key: String, topic: String = "promo") async throws -> Bool {
        let answer = try await desk.change(.create(LedgerDesk.plan(topic, topic: topic), key: key, starts: true))
        let id = BroadcastID(rawValue: Int64(try #require(answer["id"]?.int)))
        let row = AudienceRow(["session": .string(session)])
        let addresses = row.addresses(on: "shop")
        try await desk.change(
            .add(id, [AudienceEntry(address: addresses[0], row: row.json)], rejected: [], position: 1))
        let claim = Claim(
            number: 1, addresses: addresses, verdict: .send(RawJSON(validated: Array(#"{"text":"hi"}"#.utf8))))
        return try await desk.change(.claim(id, [claim], paces: []))["claimed"]?.elements.count == 1
    }

    @Test func aChoiceHoldsForAllSessionsOfTheClient() async throws {
        try await know("118", "shop/id:5")
        try await know("119", "shop/id:5", "phone:+15550000001")
        try await know("120", "shop/id:6")
        try await desk.change(.optOut(addresses: ["shop/id:5", "shop/session:118"], topic: "*"))
        #expect(try await isReached("119", "1") == false)
        #expect(try await isReached("120", "2"))
        // Said in another session than the first word.
        try await desk.change(.optIn(addresses: ["shop/id:5", "shop/session:119"], topic: "promo"))
        #expect(try await isReached("118", "3"))
        #expect(try await isReached("119", "4"))
        #expect(try await isReached("118", "5", topic: "news") == false)
    }

    @Test func whatASessionSaidBeforeItsClientWasKnownHoldsForTheClient() async throws {
        try await desk.change(.optOut(addresses: ["shop/session:118"], topic: "*"))
        try await know("118", "shop/id:5")
        try await know("119", "shop/id:5")
        #expect(try await isReached("119", "1") == false)
        #expect(try await desk.change(.isOptedOut(addresses: ["shop/id:5"], topic: "promo")) == true)
    }

    @Test func aCapCountsOverAllSessionsOfTheClient() async throws {
        try await know("118", "shop/id:5")
        try await know("119", "shop/id:5")
        var plan = LedgerDesk.plan()
        plan.perClient = SendRate(count: 1, period: .seconds(7 * 86_400))
        let id = try await desk.begin(plan, audience: 2)
        let claims = ["118", "119"].enumerated().map { index, session in
            Claim(
                number: Int64(index + 1), addresses: ["shop/session:" + session],
                verdict: .send(RawJSON(validated: Array(#"{"text":"hi"}"#.utf8))))
        }
        #expect(try await desk.change(.claim(id, claims, paces: []))["claimed"] == [1])
        // What failed counts against no address.
        try await desk.settle(id, 1, .failed)
        plan.name = "second"
        let second = try await desk.begin(plan, audience: 2)
        #expect(try await desk.change(.claim(second, claims, paces: []))["claimed"] == [1])
    }

    @Test func whoseASessionIsIsForgottenAYearAfterItWasHeardOf() async throws {
        let day = Duration.seconds(86_400)
        try await know("118", "shop/id:5")
        try await know("119", "shop/id:5")
        try await know("119", "shop/id:5", at: LedgerDesk.start + .seconds(2 * 86_400))
        try await desk.change(.optOut(addresses: ["shop/id:5"], topic: "*"))
        _ = try await desk.journal.prune(RetentionPolicy(), now: LedgerDesk.start + .seconds(366 * 86_400) + day)
        #expect(try await isReached("119", "1") == false)
        #expect(try await isReached("118", "2"))
    }
}
