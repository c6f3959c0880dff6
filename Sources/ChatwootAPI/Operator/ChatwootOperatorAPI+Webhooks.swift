internal import CurlHTTP
internal import EventJSON

extension ChatwootOperatorAPI {
    /// The account's webhooks. Administrators only, as the calls below.
    public func webhooks() async throws -> [ChatwootWebhook] {
        try await requester.send(.get, "\(accountPath)/webhooks") { root in
            let payload = root["payload"] ?? root
            let list = payload["webhooks"] ?? payload
            return list.isArray ? list.elements.compactMap { ChatwootWebhook($0) } : nil
        }
    }

    /// Has the account's events told to an address. Event names take underscores: `message_created`.
    public func createWebhook(
        url: String, subscriptions: [String], inbox: Int? = nil, name: String? = nil
    ) async throws -> ChatwootWebhook {
        try await requester.send(
            .post, "\(accountPath)/webhooks", body: Self.body(url, subscriptions, inbox, name), decode: Self.webhook)
    }

    /// Changes a webhook; what is nil stays.
    public func updateWebhook(
        _ id: Int, url: String? = nil, subscriptions: [String]? = nil, name: String? = nil
    ) async throws -> ChatwootWebhook {
        try await requester.send(
            .patch, "\(accountPath)/webhooks/\(id)", body: Self.body(url, subscriptions, nil, name),
            decode: Self.webhook)
    }

    /// Removes a webhook.
    public func deleteWebhook(_ id: Int) async throws {
        try await requester.send(.delete, "\(accountPath)/webhooks/\(id)")
    }

    private static func body(_ url: String?, _ subscriptions: [String]?, _ inbox: Int?, _ name: String?) -> HTTPBody {
        .object { writer in
            writer.object("webhook") { writer in
                writer.member("url", url)
                writer.member("subscriptions", subscriptions)
                writer.member("inbox_id", inbox)
                writer.member("name", name)
            }
        }
    }

    private static func webhook(_ root: JSONElement) -> ChatwootWebhook? {
        let payload = root["payload"] ?? root
        return ChatwootWebhook(payload["webhook"] ?? payload)
    }
}
