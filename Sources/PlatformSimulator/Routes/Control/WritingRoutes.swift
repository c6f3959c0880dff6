import Foundation
import HTTPTypes

/// Writing into the world from another process.
extension RouteTable {
    func addWritingRoutes(_ control: SimulatorControl) {
        let world = world
        write("/sessions") { call in
            let session = try await world.makeSession(
                inbox: call["inbox"]?.castString ?? DemoWorld.hooryInboxIdentifier,
                sourceID: call["source_id"]?.castString, name: call["name"]?.castString)
            let conversation = try await world.openConversation(
                inbox: session.inboxIdentifier, source: session.sourceID)
            return .json([
                "inbox": .string(session.inboxIdentifier), "source_id": .string(session.sourceID),
                "pubsub_token": .string(session.pubsubToken), "contact_id": .int(session.contactID),
                "conversation_id": .int(conversation),
            ])
        }
        write("/conversations/:conversation/client") { call in
            .json(
                try await world.write(
                    asClient: call["content"]?.castString ?? "", in: call.number("conversation") ?? 0))
        }
        write("/conversations/:conversation/operator") { call in
            let draft = MessageDraft(
                kind: .outgoing, content: call["content"]?.castString,
                author: .user(call["user"]?.castInt ?? DemoWorld.omarID),
                contentType: call["content_type"]?.castString ?? "text",
                contentAttributes: call["content_attributes"]?.object ?? [:],
                isPrivate: call["private"]?.castBool ?? false)
            return .json(try await world.write(asOperator: draft, in: call.number("conversation") ?? 0))
        }
        write("/bulk") { call in
            var order = BulkOrder(messages: call["messages"]?.castInt ?? 100)
            if let sessions = call["sessions"]?.castInt { order.sessions = sessions }
            if let rate = call["rate"]?.castString.flatMap(Double.init) { order.rate = rate }
            if let inbox = call["inbox"]?.castString { order.inbox = inbox }
            if let text = call["text"]?.castString { order.text = text }
            if let size = call["size"]?.castInt { order.size = size }
            do {
                return try .encoding(await control.bulkWrite(order))
            } catch let error as SimulatorError {
                throw error.code == .notFound
                    ? WorldError.notFound : .invalid(message: error.message, attributes: [])
            }
        }
        write("/inboxes/:inbox") { call in
            let body = Data(JSONValue.object(call.parameters).bytes())
            guard let change = try? JSONDecoder().decode(InboxChange.self, from: body) else {
                throw WorldError.invalid(message: "A setting has a value that it cannot take", attributes: [])
            }
            try await world.configureInbox(call.number("inbox") ?? 0, with: change)
            return .noContent
        }
        write("/users/:user/rotate_pubsub_token") { call in
            .json(["pubsub_token": .string(try await world.rotatePubsubToken(call.number("user") ?? 0))])
        }
        write("/reset") { _ in
            await control.reset()
            return .noContent
        }
    }

    private func write(_ path: String, _ handler: @escaping Handler) {
        add([.post], "/simulator\(path)", wording: Refusal.client, handler)
    }
}
