internal import CurlHTTP
internal import EventJSON

extension ChatwootClientAPI {
    /// How many messages a full page has.
    public static let messagePageSize = 20

    /// The newest messages, or those just below an id: at most 20, with growing ids.
    ///
    /// A page may hold fewer than the server sent, as notices that leak to contacts are left out; `isFull` counts them.
    public func messages(
        _ session: ChatwootSecret, _ conversation: Int, before id: Int? = nil
    ) async throws -> ChatwootMessagePage {
        var query: RequestQuery = []
        query.append("before", id)
        return try await requester.send(.get, "\(conversationPath(session, conversation))/messages", query: query) {
            ChatwootMessagePage($0, fullSize: Self.messagePageSize) { $0.isVisibleToContact }
        }
    }

    /// Writes a message. On a resolved conversation it reopens it.
    ///
    /// The echo id comes back in the message's `message.created`, not in the response.
    public func sendMessage(
        _ session: ChatwootSecret, _ conversation: Int, content: String? = nil, echoID: String? = nil,
        attachments: [ChatwootFile] = []
    ) async throws -> ChatwootMessage {
        let path: RequestPath = "\(conversationPath(session, conversation))/messages"
        return try await requester.send(.post, path, body: body(content, echoID, attachments)) { ChatwootMessage($0) }
    }

    /// Answers quick replies, a form or a survey. Makes no new message: the one answered is updated.
    public func submit(
        _ session: ChatwootSecret, _ conversation: Int, message: Int, _ answer: ChatwootSubmission
    ) async throws -> ChatwootMessage {
        let body = HTTPBody.object { writer in
            writer.key("submitted_values")
            writer.value(answer.json)
        }
        let path: RequestPath = "\(conversationPath(session, conversation))/messages/\(message)"
        return try await requester.send(.patch, path, body: body) { ChatwootMessage($0) }
    }

    private func body(_ content: String?, _ echoID: String?, _ attachments: [ChatwootFile]) -> HTTPBody {
        guard attachments.isEmpty else {
            var parts: [MultipartPart] = []
            if let content { parts.append(MultipartPart(name: "content", text: content)) }
            if let echoID { parts.append(MultipartPart(name: "echo_id", text: echoID)) }
            return .multipart(parts + attachments.map(\.part))
        }
        return .object { writer in
            writer.member("content", content)
            writer.member("echo_id", echoID)
        }
    }
}
