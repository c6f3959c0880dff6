import Foundation

/// What the notification service took for one destination, or did not.
struct TwinNotification {
    let id: String
    let bulkID: String
    let groupID: String
    let createdAt: Date
    /// As `phone:79001112233`.
    let address: String
    let channels: [String]
    let text: String
    /// Why it goes nowhere.
    let error: String?
}

/// The notification service: takes orders, and lists what it took.
extension TwinWorld {
    func notify(_ parameters: JSONObject) throws(TwinRefusal) -> JSONValue {
        guard let orders = parameters["messages"]?.array, !orders.isEmpty else { throw .invalid("No messages.") }
        let bulkID = parameters["bulkId"]?.string ?? makeUUID()
        var taken: [TwinNotification] = []
        for order in orders { taken += try self.taken(order, bulkID: bulkID) }
        notifications += taken
        ledger.update { counters in
            for notification in taken where notification.error == nil {
                counters.notifications += 1
                counters.notified[notification.address, default: 0] += 1
            }
        }
        switch dials.notificationAnswers {
        case .full: return .array(taken.map { answer($0) })
        case .listed: return ["count": .int(taken.count), "items": .array(taken.map { answer($0) })]
        case .bare: return .array(taken.map { ["id": .string($0.id)] })
        case .nothing: return .array([])
        }
    }

    private func taken(_ order: JSONValue, bulkID: String) throws(TwinRefusal) -> [TwinNotification] {
        guard let channels = order["channels"]?.object, let first = channels.members.first else {
            throw .invalid("No channels.")
        }
        guard channels.members.allSatisfy({ $0.value["text"]?.string?.isEmpty == false }) else {
            throw .invalid("No text.")
        }
        guard let destinations = order["destinations"]?.array, !destinations.isEmpty else {
            throw .invalid("No destinations.")
        }
        let groupID = order["groupId"]?.string ?? makeUUID()
        var taken: [TwinNotification] = []
        for destination in destinations {
            guard let address = Self.address(destination) else { throw .invalid("A destination is empty.") }
            let isRefused = dials.refusedDestinations.contains(address)
            taken.append(
                TwinNotification(
                    id: makeUUID(), bulkID: bulkID, groupID: groupID, createdAt: now, address: address,
                    channels: channels.members.map(\.key), text: first.value["text"]?.string ?? "",
                    error: isRefused ? "The recipient is in the black list." : nil))
        }
        return taken
    }

    /// The first of the keys that a destination may have.
    private static func address(_ destination: JSONValue) -> String? {
        ["phone", "email", "clientId", "externalId", "chatSessionId", "messengerUserId", "pushRegistrationId"].lazy
            .compactMap { key in
                destination[key]?.castString.flatMap { $0.isEmpty ? nil : "\(key):\($0)" }
            }.first
    }

    private func answer(_ notification: TwinNotification) -> JSONValue {
        let error: JSONValue =
            notification.error.map {
                ["message": .string($0), "file": "/app/src/Sender.php", "line": .int(24), "trace": .array([])]
            } ?? .null
        return [
            "id": notification.error == nil ? .string(notification.id) : .null,
            "bulkId": .string(notification.bulkID), "groupId": .string(notification.groupID), "flowId": .null,
            "status": notification.error == nil ? "PENDING" : .null, "channel": .text(notification.channels.first),
            "error": error,
        ]
    }

    func listNotifications(_ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        guard dials.listsNotifications else { throw .notFound }
        func isWanted(_ id: String, _ name: String) -> Bool {
            guard dials.filtersNotifications, let wanted = query.parameters[name]?.castString else { return true }
            return wanted.split(separator: ",").contains { $0 == id }
        }
        let found = notifications.filter {
            $0.error == nil && isWanted($0.id, "id") && isWanted($0.groupID, "groupId") && isWanted($0.bulkID, "bulkId")
        }
        return try query.page(found, sortKeys: ["id"]) { item, _ in
            item.id
        } view: { item in
            [
                "id": .string(item.id), "bulkId": .string(item.bulkID), "groupId": .string(item.groupID),
                "flowId": .null, "status": "DELIVERED", "statusCode": .int(1), "statusDescription": "",
                "channel": .text(item.channels.first), "message": ["text": .string(item.text)],
                "createdAt": .twinDate(item.createdAt),
            ]
        }
    }

    func notificationSnapshots() -> [TwinNotificationSnapshot] {
        notifications.map {
            TwinNotificationSnapshot(
                id: $0.id, address: $0.address, channels: $0.channels, text: $0.text, groupID: $0.groupID,
                error: $0.error)
        }
    }
}
