import ChatwootAPI
import EventJSON
import Testing

@Suite struct ChatwootBackFillTests {
    private func listing(_ activities: [(id: Int, at: Int)]) -> (Int, String) {
        let items = activities.map { #"{"id":\#($0.id),"status":"open","last_activity_at":\#($0.at)}"# }
        return (200, #"{"data":{"meta":{},"payload":[\#(items.joined(separator: ","))]}}"#)
    }

    private let now = Int(fixedClock())

    @Test func oneCallWhereTheInstallationKnowsTheParameter() async throws {
        let transport = ScriptedTransport(bodies: [listing((1...40).map { ($0, now - 10) })])
        let api = operatorAPI(transport)
        #expect(try await api.conversations(updatedWithin: 120).count == 40)
        #expect(
            transport.requests.first?.line.hasSuffix(
                "status=all&assignee_type=all&sort_by=last_activity_at_desc&updated_within=120") == true)
        #expect(api.capabilities.supports(.updatedWithin) == true)
    }

    @Test func pagesUntilOlderWhereItIgnoresTheParameter() async throws {
        let recent = (1...25).map { (id: $0, at: now - 10) }
        let mixed = (20...44).map { (id: $0, at: $0 < 30 ? now - 20 : now - 5000) }
        let transport = ScriptedTransport(bodies: [listing(recent), listing(recent), listing(mixed)])
        let api = operatorAPI(transport)
        #expect(try await api.conversations(updatedWithin: 120).map(\.id) == Array(1...29))
        #expect(transport.requests.map { $0.line.contains("&page=") } == [false, true, true])
    }

    @Test func anOldConversationInTheAnswerGivesAnOldInstallationAway() async throws {
        let page = listing([(1, now - 10), (2, now - 5000)])
        let transport = ScriptedTransport(bodies: [page, page])
        let api = operatorAPI(transport)
        #expect(try await api.conversations(updatedWithin: 120).map(\.id) == [1])
        #expect(api.capabilities.supports(.updatedWithin) == false)
    }
}
