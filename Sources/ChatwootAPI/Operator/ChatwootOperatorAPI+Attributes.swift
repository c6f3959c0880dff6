internal import CurlHTTP
public import EventJSON

extension ChatwootOperatorAPI {
    /// The labels of a conversation.
    public func labels(of conversation: Int) async throws -> [String] {
        try await requester.send(.get, "\(conversationPath(conversation))/labels") { Self.labels($0) }
    }

    /// Replaces *all* labels of a conversation. Returns what it has now.
    @discardableResult
    public func setLabels(_ conversation: Int, _ labels: [String]) async throws -> [String] {
        let body = HTTPBody.object { $0.member("labels", labels) }
        return try await requester.send(.post, "\(conversationPath(conversation))/labels", body: body) {
            Self.labels($0)
        }
    }

    /// Adds and removes labels: reads what is there first, so others may write in between. Returns what it has now.
    @discardableResult
    public func changeLabels(
        _ conversation: Int, adding added: [String] = [], removing removed: [String] = []
    ) async throws -> [String] {
        let current = try await labels(of: conversation)
        let kept = current.filter { !removed.contains($0) }
        let wanted = kept + added.filter { !kept.contains($0) }
        return wanted == current ? current : try await setLabels(conversation, wanted)
    }

    /// Replaces *all* custom attributes of a conversation. Returns what it has now.
    @discardableResult
    public func setCustomAttributes(_ conversation: Int, _ attributes: JSONObject) async throws -> JSONObject {
        let body = HTTPBody.object { $0.member("custom_attributes", attributes) }
        return try await requester.send(
            .post, "\(conversationPath(conversation))/custom_attributes", body: body
        ) { root in root.isObject ? root.tree("custom_attributes") : nil }
    }

    /// Changes some custom attributes, and removes those that are null: reads what is there first, so others may write
    /// in between. Returns what it has now.
    @discardableResult
    public func changeCustomAttributes(_ conversation: Int, _ changes: JSONObject) async throws -> JSONObject {
        var attributes = try await self.conversation(conversation).customAttributes
        for change in changes { attributes[change.key] = change.value.isNull ? JSON?.none : change.value }
        return try await setCustomAttributes(conversation, attributes)
    }

    private static func labels(_ root: JSONElement) -> [String]? {
        root["payload"].map { $0.elements.compactMap(\.string) }
    }
}
