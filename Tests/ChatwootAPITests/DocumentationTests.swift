import ChatwootAPI
import CurlHTTP
import Foundation
import Testing

/// The examples of the documentation page, compiled. The test compares them with the page, word by word.
private enum DocumentedExamples {
    static func client(
        inboxIdentifier: ChatwootSecret, sourceID: ChatwootSecret, http: HTTPClient, realtime: ChatwootRealtime
    ) async throws {
        // client:begin
        let api = ChatwootClientAPI(.hoory, inboxIdentifier: inboxIdentifier, transport: http)
        let session = try await api.createContact(sourceID: sourceID, details: .init(name: "Sara"))
        let chat = try await api.createConversation(session.sourceID)
        let stream = try realtime.subscribe(contact: session.pubsubToken ?? "")
        _ = try await api.sendMessage(session.sourceID, chat.id, content: "Where is my parcel?")
        for await case .event(let event) in stream {
            guard case .message(let message) = event.content, message.direction == .outgoing else { continue }
            print(message.content ?? "")
            break
        }
        // client:end
    }

    static func `operator`(
        account: Int, token: ChatwootSecret, http: HTTPClient, realtime: ChatwootRealtime
    ) async throws {
        // operator:begin
        let api = ChatwootOperatorAPI(.bevatel, accountID: account, accessToken: token, transport: http)
        let me = try await api.profile()
        let stream = try realtime.subscribe(user: me.id, account: account, token: me.pubsubToken ?? "")
        for await case .event(let event) in stream {
            guard case .message(let message) = event.content, event.name == .messageCreated,
                message.direction == .incoming, let chat = message.conversationID
            else { continue }
            _ = try await api.sendMessage(chat, .choices("How can we help?", [.init("Track order"), .init("Agent")]))
            break
        }
        // operator:end
    }
}

@Suite struct DocumentationTests {
    @Test(arguments: ["client", "operator"])
    func examplesOfThePageAreTheOnesThatCompile(role: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try text(root.appending(path: "Sources/ChatwootAPI/ChatwootAPI.docc/ChatwootAPI.md"))
        let source = try text(URL(filePath: #filePath))
        let example = try #require(between("// \(role):begin", "// \(role):end", in: source))
        let words = example.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(!words.isEmpty)
        #expect(page.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(words))
    }

    private func text(_ file: URL) throws -> String {
        String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    private func between(_ start: String, _ end: String, in text: String) -> Substring? {
        guard let start = text.range(of: start), let end = text.range(of: end) else { return nil }
        return text[start.upperBound..<end.lowerBound]
    }
}
