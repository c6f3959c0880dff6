internal import EventJSON

/// How far a notification got.
public struct TwinNotificationStatus: Hashable, Sendable {
    /// Missing where the service has not taken the notification.
    public let id: String?
    public let bulkID: String?
    public let groupID: String?
    public let flowID: String?
    public let status: TwinWord?
    public let channel: TwinWord?
    public let createdAt: TwinTime?
    /// Why it goes nowhere, in the platform's words; nil when nothing speaks against it.
    public let error: String?

    /// - Parameter secrets: Are hidden in the platform's words.
    init?(_ element: JSONElement, hiding secrets: [TwinSecret]) {
        // A bare id is as good as an object with nothing else.
        let bare = element.isObject ? nil : element.id
        guard element.isObject || bare != nil else { return nil }
        id = bare ?? element.id("id")
        bulkID = element.id("bulkId", "bulk_id")
        groupID = element.id("groupId", "group_id")
        flowID = element.id("flowId", "flow_id")
        status = element.word("status")
        channel = element.word("channel")
        createdAt = element.time("createdAt", "created_at")
        error = element.tree("error").flatMap(Self.words).map { ServerWords.clean($0, hiding: secrets) }
    }

    /// Reads a list, a list within an object, or one status alone.
    static func list(_ root: JSONElement, hiding secrets: [TwinSecret]) -> [TwinNotificationStatus]? {
        if let page = TwinPage(root, { TwinNotificationStatus($0, hiding: secrets) }) { return page.items }
        guard root.isObject, root.field("id", nil) != nil || root.field("error", nil) != nil else { return nil }
        return TwinNotificationStatus(root, hiding: secrets).map { [$0] }
    }

    /// An error is an object with a message and where it was thrown, or a text; what is empty or false is none.
    private static func words(_ json: JSON) -> String? {
        switch json {
        case .null, .bool(false), .int(0): nil
        case .string(let text) where text.isEmpty: nil
        case .array(let items) where items.isEmpty: nil
        case .object(let members) where members.isEmpty: nil
        default: ServerWords.words(json).flatMap { $0.isEmpty ? nil : $0 } ?? "an error without words"
        }
    }
}
