import HTTPTypes

/// The chat service of TWIN24: sessions and their messages.
extension RouteTable {
    func addTwinSessionRoutes(_ world: TwinWorld) {
        let one = "\(TwinPath.chat)/sessions/:session"
        twin([.get], "\(TwinPath.chat)/sessions", world) { try await world.listSessions($0.query) }
        twin([.get], one, world) { try await world.sessionView($0.text("session")) }
        twin([.delete], one, world) { call in
            try await world.finish(call.text("session"), result: call.parameters["result"]?.string, by: call.caller)
            return nil
        }
        twin([.patch], "\(one)/operators/:operator", world) { call in
            try await world.transfer(call.text("session"), to: call.number("operator"), by: call.caller)
            return nil
        }
        twin([.put], "\(one)/operators/:operator", world) { call in
            try await world.addOperator(call.number("operator"), to: call.text("session"), by: call.caller)
            return nil
        }
        twin([.delete], "\(one)/operators/:operator", world) { call in
            try await world.removeOperator(call.number("operator"), from: call.text("session"), by: call.caller)
            return nil
        }
        twin([.patch], "\(one)/groupoperators/:group", world) { call in
            try await world.transfer(call.text("session"), toGroup: call.number("group"), by: call.caller)
            return nil
        }
        twin([.patch], "\(one)/names/:name", world) { call in
            try await world.rename(call.text("session"), to: call.text("name"), by: call.caller)
            return nil
        }
        twin([.patch], "\(one)/spam", world) { call in
            try await world.setSpam(call.text("session"), true)
            return nil
        }
        twin([.patch], "\(one)/notSpam", world) { call in
            try await world.setSpam(call.text("session"), false)
            return nil
        }
    }

    func addTwinMessageRoutes(_ world: TwinWorld) {
        let session = "\(TwinPath.chat)/sessions/:session"
        let own = "\(session)/operators/messages"
        twin([.get], "\(session)/messages", world) {
            try await world.listMessages(of: $0.text("session"), $0.query)
        }
        twin([.post], own, world) {
            try await world.writeAsOperator($0.text("session"), $0.parameters, by: $0.caller)
        }
        twin([.post], "\(session)/clients/messages", world) {
            try await world.writeAsClient($0.text("session"), $0.parameters)
        }
        twin([.put], "\(own)/:message", world) { call in
            try await world.edit(call.text("message"), in: call.text("session"), call.parameters, by: call.caller)
            return nil
        }
        twin([.delete], "\(own)/:message", world) { call in
            try await world.delete(call.text("message"), in: call.text("session"), by: call.caller)
            return nil
        }
        twin([.patch], "\(TwinPath.chat)/messages/:message/read", world) { call in
            try await world.markRead(call.text("message"))
            return nil
        }
    }
}
