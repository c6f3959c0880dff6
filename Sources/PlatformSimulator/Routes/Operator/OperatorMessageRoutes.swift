import HTTPTypes

/// Messages of the operator API.
extension RouteTable {
    func addOperatorMessageRoutes() {
        let world = world
        let all = "/conversations/:conversation/messages"
        let one = "\(all)/:message"

        account([.get], all) { call in
            try await world.listMessages(
                call.account, call.conversation, before: call.parameters["before"]?.castInt,
                after: call.parameters["after"]?.castInt, caller: call.caller)
        }
        account([.post], all, bots: true) { call in
            do {
                return try await world.writeByOperator(
                    call.account, call.conversation, call.parameters, files: call.call.files(), caller: call.caller)
            } catch WorldError.invalid(let message, _) {
                // This endpoint words every failure in its own way.
                throw Refusal(answer: .json(["error": .string("Validation failed: \(message)")], status: 422))
            }
        }
        account([.patch, .put], one) { call in
            try await world.setMessageStatus(
                call.account, call.conversation, call.message, call.parameters, caller: call.caller)
        }
        account([.delete], one) { call in
            try await world.deleteMessage(call.account, call.conversation, call.message, caller: call.caller)
        }
        account([.post], "\(one)/retry") { call in
            try await world.retryMessage(call.account, call.conversation, call.message, caller: call.caller)
        }
    }
}
