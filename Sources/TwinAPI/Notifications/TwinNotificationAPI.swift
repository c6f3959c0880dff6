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
    ///
    /// There is no key that makes repeating safe: an error with `isInDoubt` says that they may be under way. Success says
    /// that the service has taken the order, which each status may still take back with its `error`; nothing says that
    /// somebody got it. An answer without a body is a success that tells nothing: no statuses.
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
        let call = TwinCall(.post, "/messages", body: body)
        let (response, token) = try await requester.answerAndToken(call)
        if response.body.allSatisfy({ $0 <= 0x20 }) { return [] }
        let statuses = response.decoded { TwinNotificationStatus.list($0, hiding: [token]) }
        // What is said of nobody says nothing of those that were sent.
        guard let statuses, !statuses.isEmpty else {
            throw TwinError.undecodable(requester.requester.place(of: call), status: response.status)
        }
        return statuses
    }

    /// One page of the notifications.
    ///
    /// - Parameter groupID: Only those of a group. A service that does not know the parameter may answer with others.
    public func notifications(
        ofGroup groupID: String? = nil, _ list: TwinListQuery = .init()
    ) async throws -> TwinPage<TwinNotificationStatus> {
        var query: RequestQuery = []
        query.append("groupId", groupID)
        list.write(to: &query)
        return try await requester.send(TwinCall(.get, "/messages", query: query)) { root in
            TwinPage(root) { TwinNotificationStatus($0, hiding: []) }
        }
    }
}
