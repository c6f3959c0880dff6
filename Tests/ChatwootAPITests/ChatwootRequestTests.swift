import ChatwootAPI
import CurlHTTP
import EventJSON
import Testing

/// Requests that have no method of their own.
@Suite struct ChatwootRequestTests {
    @Test func anOperatorsRequestStaysBelowTheAccount() async throws {
        let transport = ScriptedTransport(status: 201, #"{"id":1}"#)
        let response = try await operatorAPI(transport).request(
            .post, "/macros?page=2", body: .bytes(Array("{}".utf8), contentType: "application/json"))
        #expect(response.status == 201)
        let request = try #require(transport.requests.first)
        #expect(request.line == "POST /api/v1/accounts/3/macros?page=2")
        #expect(request.header("api-access-token") == "tokenSecret")
    }

    @Test func aClientsRequestStaysBelowItsContactAndItsErrorsHideWho() async throws {
        let transport = ScriptedTransport(status: 404, "{}")
        let error = await chatwootError {
            _ = try await clientAPI(transport).request("sourceSecret", .get, "/nowhere")
        }
        #expect(
            transport.requests.map(\.line) == ["GET /public/api/v1/inboxes/inboxSecret/contacts/sourceSecret/nowhere"])
        let text = "\(try #require(error))"
        #expect(!text.contains("inboxSecret") && !text.contains("sourceSecret") && text.contains("/nowhere"))
    }

    @Test func contactsAreListedPageByPage() async throws {
        let transport = ScriptedTransport(
            #"{"meta":{"count":16,"current_page":2},"payload":[{"id":5,"name":"Sara"}]}"#)
        let page = try await operatorAPI(transport).contacts(page: 2, order: "created_at")
        #expect(page.contacts.map(\.id) == [5] && page.count == 16 && !page.hasMore)
        #expect(
            transport.requests.map(\.line) == [
                "GET /api/v1/accounts/3/contacts?page=2&sort=created_at&include_contact_inboxes=false"
            ])
    }
}
