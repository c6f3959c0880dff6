import Moonwire
import Testing

extension JournalContract {
    static let consentChecks: [JournalContract] = [
        JournalContract("whoever opts in to a topic after opting out of all is reached about that topic alone") {
            journal in
            let client = ["phone:+15550000001", "desk/id:5"]
            _ = try await journal.decide(.optOut(addresses: client, topic: "*"))
            #expect(try await journal.decide(.optIn(addresses: client, topic: "promo")))
            #expect(try await journal.isOptedOut(client, "promo") == false)
            #expect(try await journal.isOptedOut(client, "news"))
            #expect(try await journal.isOptedOut(client, "*"))
            #expect(try await journal.decide(.optIn(addresses: client, topic: "promo")) == false)
            #expect(try await journal.decide(.optOut(addresses: client, topic: "promo")))
            #expect(try await journal.isOptedOut(client, "promo"))
        },
        JournalContract("the last word about all topics wins over what was said of one") { journal in
            let client = ["phone:+15550000001"]
            _ = try await journal.decide(.optOut(addresses: client, topic: "*"))
            _ = try await journal.decide(.optIn(addresses: client, topic: "promo"))
            #expect(try await journal.decide(.optOut(addresses: client, topic: "*")))
            #expect(try await journal.isOptedOut(client, "promo"))
            _ = try await journal.decide(.optIn(addresses: client, topic: "promo"))
            #expect(try await journal.decide(.optIn(addresses: client, topic: "*")))
            #expect(try await journal.isOptedOut(client, "news") == false)
            _ = try await journal.decide(.optOut(addresses: client, topic: "*"))
            #expect(try await journal.isOptedOut(client, "promo"))
        },
        JournalContract("an address that has not opted in keeps the others of its client from being reached") {
            journal in
            _ = try await journal.decide(.optOut(addresses: ["phone:+15550000001", "desk/id:5"], topic: "*"))
            _ = try await journal.decide(.optIn(addresses: ["desk/id:5"], topic: "promo"))
            #expect(try await journal.isOptedOut(["desk/id:5"], "promo") == false)
            #expect(try await journal.isOptedOut(["desk/id:5", "phone:+15550000001"], "promo"))
        },
    ]
}

extension Journal {
    fileprivate func decide(_ operation: LedgerOperation) async throws -> Bool {
        let results = try await commit(.broadcast(LedgerEntry(operation, at: Samples.start)))
        guard case .stored(let answer)? = results.first else {
            Issue.record("got \(results)")
            return false
        }
        return String(decoding: answer.bytes, as: UTF8.self) == "true"
    }

    fileprivate func isOptedOut(_ addresses: [String], _ topic: String) async throws -> Bool {
        try await decide(.isOptedOut(addresses: addresses, topic: topic))
    }
}
