import HTTPTypes

/// The chat service of TWIN24: operators, groups, chats and clients.
extension RouteTable {
    func addTwinDirectoryRoutes(_ world: TwinWorld) {
        let chat = TwinPath.chat
        twin([.get], "\(chat)/users/me", world) { try await world.me($0.caller) }
        twin([.get], "\(chat)/users", world) { try await world.listOperators($0.query) }
        twin([.get], "\(chat)/groups", world) { try await world.listGroups($0.query) }
        twin([.get], "\(chat)/timestamp", world) { _ in await world.timestamp() }
        twin([.get], "\(chat)/chats", world) { try await world.listChats($0.query) }
        twin([.get], "\(chat)/chats/:chat", world) { try await world.chatView($0.text("chat")) }
        twinState("\(chat)/users/me/activate", world) { try await world.setStatus(.online, of: $0.caller) }
        twinState("\(chat)/users/me/pause", world) { try await world.setStatus(.paused, of: $0.caller) }
        twinState("\(chat)/clients/:client/ban", world) { try await world.setBanned($0.text("client"), true) }
        twinState("\(chat)/clients/:client/unban", world) { try await world.setBanned($0.text("client"), false) }
        twin([.get], "\(chat)/clients/:client/messages", world) {
            try await world.listMessages(ofClient: $0.text("client"), $0.query)
        }
    }

    /// What a client's widget calls, with no token.
    func addTwinWidgetRoutes(_ world: TwinWorld) {
        let chat = TwinPath.chat
        open([.post], "\(chat)/chats/:chat/sessions") { call in
            guard call["name"]?.string != nil else { throw TwinRefusal.invalid("Name is needed.") }
            return .json(
                try await world.startSession(
                    chat: call.segment("chat"), call.parameters, at: .operators, continuing: false), status: 201)
        }
        open([.put], "\(chat)/chats/:chat/sessions") { call in
            .json(
                try await world.startSession(
                    chat: call.segment("chat"), call.parameters, at: .operators, continuing: true))
        }
        open([.post], "\(chat)/sessions/:session/messages") { call in
            .json(try await world.writeAsClient(call.segment("session"), call.parameters))
        }
    }
}
