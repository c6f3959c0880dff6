import CustomChannelAPI
import EventJSON
import Logging
import Moonwire

/// Where the platform calls: `POST /cc/<slug>/message`.
struct CustomRoute: InboundRoute {
    let channel: CustomChannel
    let path: String
    let coversSubpaths = true
    /// All are answered here, so that each answer can say what stands at this address.
    let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private var expected: String { path + "/message" }

    static func path(slug: String) -> String { "/cc/\(slug)" }

    func refusal(of head: InboundHead) async -> InboundResponse? {
        let id = channel.descriptor.id
        guard head.method == "POST" else {
            return .failure(
                405,
                "This is the message address of the \(channel.descriptor.platform.rawValue) channel '\(id)'. "
                    + "The platform posts here what is to be delivered.", headers: [("allow", "POST")])
        }
        guard
            CustomChannelToken.admits(
                authorization: head.values(of: "authorization"), to: channel.tokens)
        else { return .failure(401, "Unauthorized", headers: [("www-authenticate", "Bearer")]) }
        guard Self.trimmed(head.path) == expected else {
            return .failure(404, "Messages are posted to \(expected): the API base URL ends before /message.")
        }
        guard Self.isJSON(head.values(of: "content-type")) else {
            return .failure(415, "The body must be application/json.")
        }
        return channel.state.context == nil ? Self.unavailable("the host is not ready") : nil
    }

    func answer(_ request: InboundRequest) async -> InboundResponse {
        if let refusal = await refusal(of: request.head) { return refusal }
        guard request.body.count <= bodyLimit else {
            return .failure(413, "The body has more than \(bodyLimit) bytes.")
        }
        guard let context = channel.state.context else { return Self.unavailable("the host is not ready") }
        let call: CustomChannelCall
        do throws(CustomChannelRefusal) {
            call = try CustomChannelCall(
                parsing: request.body, channelID: channel.credentials.channelID, idType: channel.credentials.idType)
        } catch {
            return .json(400, CustomChannelAnswer.refused(error.message))
        }
        if !call.namesChannel { channel.logger.warning("A call names no channelId; it is taken all the same") }
        let content = CustomCalls.Content(contact: call.contactID, message: call.messageBytes)
        switch channel.calls.begin(content, at: context.clock.now) {
        case .tooMany: return Self.unavailable("too many calls at a time")
        case .joins(let pending): return response(to: pending, await pending.outcome(), context.clock)
        case .first(let pending):
            await channel.take(call, pending, context)
            return response(to: pending, await pending.outcome(), context.clock)
        }
    }

    private func response(
        to pending: CustomPendingCall, _ outcome: CustomPendingCall.Outcome, _ clock: HostClock
    ) -> InboundResponse {
        var response: InboundResponse
        switch outcome {
        case .accepted: response = .json(200, CustomChannelAnswer.accepted(pending.mID))
        case .refused(let reason): response = .json(400, CustomChannelAnswer.refused(reason))
        case .unavailable: return Self.unavailable("the message cannot be kept now")
        }
        response.written = { [calls = channel.calls] isWritten in
            calls.answered(pending, isWritten: isWritten, at: clock.now)
        }
        return response
    }

    private static func unavailable(_ reason: String) -> InboundResponse {
        .failure(503, "Try again later: \(reason).", headers: [("retry-after", "5")])
    }

    private static func trimmed(_ path: String) -> String {
        "/" + path.split(separator: "/").joined(separator: "/")
    }

    private static func isJSON(_ types: [String]) -> Bool {
        guard types.count == 1, let type = types.first?.split(separator: ";").first else { return false }
        let bare = type.filter { !$0.isWhitespace }.lowercased()
        return bare == "application/json" || bare.hasPrefix("application/") && bare.hasSuffix("+json")
    }
}
