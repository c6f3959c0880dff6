import Foundation

/// Lists of sessions and messages.
extension TwinWorld {
    func listSessions(_ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        let parameters = query.parameters
        let (from, to) = try query.span()
        let operatorID = parameters["operatorId"]?.castString
        let keyword = parameters["keyword"]?.string?.lowercased()
        let found = sessions.values.filter { session in
            if let operatorID, !session.seats.contains(where: { String($0.operatorID) == operatorID }) { return false }
            for (name, value) in [
                ("sessionId", session.id), ("chatId", session.chat.id), ("status", session.status),
                ("botStatus", session.botStatus), ("name", session.name), ("operatorType", session.operatorType),
            ] {
                if let wanted = parameters[name]?.string, wanted.lowercased() != value.lowercased() { return false }
            }
            for (name, value) in [("markedAsSpam", session.isSpam), ("clientBanned", session.client.isBanned)] {
                if let wanted = parameters[name]?.castBool, wanted != value { return false }
            }
            if let keyword,
                ![session.name, session.id, session.client.id].contains(where: { $0.lowercased().contains(keyword) })
            {
                return false
            }
            return session.startedAt >= from && session.startedAt <= to
        }
        return try query.page(found.sorted { $0.number < $1.number }, sortKeys: Self.sessionKeys) { session, key in
            switch key {
            case "name": session.name
            case "status": session.status
            case "markedAsSpam": String(session.isSpam)
            case "lastMessageCreatedAt": session.messages.last?.createdAt.iso8601 ?? ""
            case "operatorAssignedAt": session.seats.first?.assignedAt.iso8601 ?? ""
            default: session.startedAt.iso8601
            }
        } view: {
            view($0)
        }
    }

    private static let sessionKeys = [
        "name", "status", "markedAsSpam", "startedAt", "lastMessageCreatedAt", "operatorAssignedAt",
    ]

    func sessionView(_ id: String) throws(TwinRefusal) -> JSONValue { view(try session(id)) }

    func listMessages(of id: String, _ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        try list(try session(id).messages, query)
    }

    func listMessages(ofClient id: String, _ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        _ = try client(id)
        let all = (sessionsByClient[id] ?? []).flatMap(\.messages)
        return try list(all.sorted { $0.createdAt < $1.createdAt }, query)
    }

    private func list(_ all: [TwinMessage], _ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        let (from, to) = try query.span()
        let found = all.filter { $0.createdAt >= from && $0.createdAt <= to }
        return try query.page(found, sortKeys: ["createdAt"]) { message, _ in
            message.createdAt.iso8601
        } view: {
            view($0)
        }
    }
}
