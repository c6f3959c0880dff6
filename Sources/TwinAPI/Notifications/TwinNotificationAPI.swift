internal import CurlHTTP
internal import EventJSON

/// The notification service, which can begin a conversation with somebody who is in none.
///
/// Takes the token of the same account. Its other endpoints are reached by `TwinOperatorAPI.request`. A value that may be
/// copied and used from anywhere. All calls throw `TwinError`.
public struct TwinNotificationAPI: Sendable {
    private let requester: TwinSeatRequester

    public init(_ account: TwinAccount) {
        requester = TwinSeatRequester(account, .notify, methods: TwinMethods())
    }

    /// Sends notifications, together under one bulk id if that is given.
    public func send(
        _ notifications: [TwinNotification], companyID: Int? = nil, taskID: String? = nil, bulkID: String? = nil
    ) async throws -> [TwinNotificationStatus] {
        let body = HTTPBody.object { writer in
            writer.member("companyId", companyID)
            writer.member("taskId", taskID)
            writer.member("bulkId", bulkID)
            writer.key("messages")
            writer.beginArray()
            for notification in notifications { notification.write(to: &writer) }
            writer.endArray()
        }
        return try await requester.send(TwinCall(.post, "/messages", body: body)) { root in
            TwinPage(root) { TwinNotificationStatus($0) }?.items
        }
    }

    /// One page of the notifications.
    public func notifications(_ list: TwinListQuery = .init()) async throws -> TwinPage<TwinNotificationStatus> {
        var query: RequestQuery = []
        list.write(to: &query)
        return try await requester.send(TwinCall(.get, "/messages", query: query)) { root in
            TwinPage(root) { TwinNotificationStatus($0) }
        }
    }
}

/// How far a notification got.
public struct TwinNotificationStatus: Hashable, Sendable {
    public let id: String
    public let bulkID: String?
    public let groupID: String?
    public let flowID: String?
    public let status: TwinWord?
    public let channel: TwinWord?
    public let error: String?

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.id = id
        bulkID = element.id("bulkId", "bulk_id")
        groupID = element.id("groupId", "group_id")
        flowID = element.id("flowId", "flow_id")
        status = element.word("status")
        channel = element.word("channel")
        error = element.filledText("error", nil)
    }
}
