/// What tests and demos do to the custom channel's stand-in and read from it.
///
/// Most of it is also reachable by HTTP under `/simulator/custom`.
public struct CustomControl: Sendable {
    let world: CustomWorld

    /// Where the platform calls: what its settings call the API base URL, such as `http://127.0.0.1:8080/cc/shop`.
    public func setBase(_ url: String) async { await world.setBase(url) }

    /// The token that posts must carry and calls do carry from now on.
    public func setToken(_ token: String) async { await world.setToken(token) }

    /// How coming posts are answered.
    public func fail(_ fault: CustomFault) async { await world.add(fault) }

    /// Answers all coming posts with 200 again.
    public func heal() async { await world.clearFaults() }

    /// What a workflow says to every message of a customer; `nil` for no workflow.
    public func setWorkflow(_ text: String?) async { await world.setWorkflow(text) }

    /// All posts in the order in which they came.
    public func posts() async -> [CustomPost] { await world.allPosts() }

    public func posts(_ type: String) async -> [CustomPost] { await posts().filter { $0.type == type } }

    /// All messages of a contact in their order.
    public func messages(of contact: String) async -> [CustomMessageSnapshot] { await world.messages(of: contact) }

    /// Says something to a contact, as an agent does.
    @discardableResult
    public func say(_ text: String, to contact: String) async -> CustomCallAnswer {
        let message: JSONValue = ["type": "text", "text": .string(text)]
        return await send(message, to: contact)
    }

    /// Sends a message, given as the JSON of the member `message`.
    @discardableResult
    public func send(json message: String, to contact: String) async -> CustomCallAnswer {
        guard let message = try? JSONValue(parsing: Array(message.utf8)) else {
            return CustomCallAnswer(status: 0, headers: [:], body: "the message is not JSON", seconds: 0)
        }
        return await send(message, to: contact)
    }

    func send(_ message: JSONValue, to contact: String) async -> CustomCallAnswer {
        let body: JSONValue = [
            "channelId": .string(CustomDemoWorld.channelID), "contactId": .string(contact), "message": message,
        ]
        let answer = await call(body: body.bytes())
        await world.sent(message, to: contact, answer)
        return answer
    }

    /// Calls the other side with whatever a test likes.
    ///
    /// - Parameters:
    ///   - authorization: The values of as many headers; the channel's bearer token without it.
    ///   - withholdsBody: Whether the body is announced but never sent.
    public func call(
        _ method: String = "POST", path: String = "/message", authorization: [String]? = nil,
        contentType: String? = "application/json", body: [UInt8], withholdsBody: Bool = false
    ) async -> CustomCallAnswer {
        var headers = (authorization ?? ["Bearer \(CustomDemoWorld.token)"]).map { ("authorization", $0) }
        if let contentType { headers.append(("content-type", contentType)) }
        let base = await world.base ?? ""
        return await CustomAgentCall(
            method: method, url: base + path, headers: headers, body: body, withholdsBody: withholdsBody
        ).send()
    }

    /// Forgets everything but where the other side is.
    public func reset() async { await world.reset() }
}
