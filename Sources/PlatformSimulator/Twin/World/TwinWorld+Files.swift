/// The file service, and the notifications that are kept beside it.
extension TwinWorld {
    func storeFiles(_ uploads: [UploadedFile], isPrivate: Bool, by caller: Int) throws(TwinRefusal) -> JSONValue {
        guard !uploads.isEmpty else { throw .invalid("No file.") }
        guard uploads.allSatisfy({ $0.bytes.count <= dials.largestFile }) else { throw .tooLarge }
        var views: [JSONValue] = []
        for upload in uploads {
            let file = TwinFile(
                id: makeUUID(), ownerID: caller, name: upload.filename, contentType: upload.contentType,
                isPrivate: isPrivate, bytes: upload.bytes, createdAt: now)
            files[file.id] = file
            views.append(view(file))
        }
        return .array(views)
    }

    func file(_ id: String) throws(TwinRefusal) -> TwinFile {
        guard let file = files[id] else { throw .notFound }
        return file
    }

    /// Takes an order of the notification service and says that all of it is under way.
    func notify(_ parameters: JSONObject) throws(TwinRefusal) -> JSONValue {
        guard let orders = parameters["messages"]?.array, !orders.isEmpty else { throw .invalid("No messages.") }
        let answers = orders.map { order -> JSONValue in
            let channel = order["channels"]?.object?.members.first?.key
            return [
                "id": .string(makeUUID()), "bulkId": parameters["bulkId"] ?? .null,
                "groupId": order["groupId"] ?? .null,
                "flowId": .null, "status": "PENDING", "channel": .text(channel), "error": .null,
            ]
        }
        notifications += answers
        return .array(answers)
    }

    func listNotifications(_ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        try query.page(notifications, sortKeys: ["id"]) { item, _ in
            item["id"]?.string ?? ""
        } view: {
            $0
        }
    }
}
