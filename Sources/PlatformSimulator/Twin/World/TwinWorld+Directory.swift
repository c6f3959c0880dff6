import Foundation

/// Operators, groups, chats and clients.
extension TwinWorld {
    func me(_ caller: Int) throws(TwinRefusal) -> JSONValue { view(try person(caller)) }

    func listOperators(_ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        let all = operators.values.sorted { $0.id < $1.id }
        return try query.page(all, sortKeys: ["id", "email"]) { person, key in
            key == "email" ? person.email : String(person.id)
        } view: {
            view($0)
        }
    }

    func listGroups(_ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        try query.page(groups, sortKeys: ["id", "name"]) { group, key in
            key == "name" ? group.name : String(group.id)
        } view: {
            ["id": .int($0.id), "name": .string($0.name), "companyId": .int(TwinDemoWorld.companyID)]
        }
    }

    func listChats(_ query: TwinListQuery) throws(TwinRefusal) -> JSONValue {
        try query.page(chats, sortKeys: ["name"]) { chat, _ in
            chat.name
        } view: {
            view($0)
        }
    }

    func chat(_ id: String) throws(TwinRefusal) -> TwinChat {
        guard let chat = chats.first(where: { $0.id == id }) else { throw .notFound }
        return chat
    }

    func chatView(_ id: String) throws(TwinRefusal) -> JSONValue { view(try chat(id)) }

    func setStatus(_ status: TwinOperator.Status, of id: Int) throws(TwinRefusal) { try person(id).status = status }

    func setBanned(_ id: String, _ isBanned: Bool) throws(TwinRefusal) { try client(id).isBanned = isBanned }

    func timestamp() -> JSONValue {
        switch dials.timestamp {
        case .seconds: .int(now.epochSeconds)
        case .milliseconds: .int(Int(now.timeIntervalSince1970 * 1000))
        case .object: ["timestamp": .int(now.epochSeconds)]
        }
    }

    /// The platform throws an operator out of the cabinet for good.
    func block(_ id: Int) throws(TwinRefusal) {
        let person = try person(id)
        person.isBlocked = true
        person.status = .offline
        announceAccount("operatorBlocked", person)
    }

    func unblock(_ id: Int) throws(TwinRefusal) { try person(id).isBlocked = false }

    /// The platform makes an operator offline.
    func logOut(_ id: Int, isNamed: Bool) throws(TwinRefusal) {
        let person = try person(id)
        person.status = .offline
        announceAccount("operatorLoggedOut", person, isNamed: isNamed)
    }

    func displace(_ id: Int) throws(TwinRefusal) {
        ledger.update { $0.displacements += 1 }
        announceAccount("chatUserExists", try person(id))
    }
}
