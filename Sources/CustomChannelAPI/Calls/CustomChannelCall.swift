internal import EventJSON

/// What the platform wants delivered to a customer (`POST <base>/message`).
public struct CustomChannelCall: Sendable {
    /// In the form that the ID type gives it.
    public let contactID: String
    public let message: CustomChannelMessage
    /// Whether the body named its channel; a body without is taken all the same, with a warning.
    public let namesChannel: Bool
    /// The member `message` as JSON, to tell an identical call.
    public let messageBytes: [UInt8]
    /// The whole body as compact JSON.
    public let raw: [UInt8]

    /// Reads a call's body.
    ///
    /// - Throws: A `CustomChannelRefusal` that says what is wrong, for a 400.
    public init(
        parsing body: [UInt8], channelID: String, idType: CustomChannelIDType
    ) throws(CustomChannelRefusal) {
        let result: Result<CustomChannelCall, CustomChannelRefusal>
        do {
            result = try JSONParser(maxBytes: body.count, maxDepth: 32).parse(body) { root in
                do throws(CustomChannelRefusal) {
                    return .success(try CustomChannelCall(root, channelID: channelID, idType: idType))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw CustomChannelRefusal("the body is not JSON")
        }
        self = try result.get()
    }

    private init(
        _ root: JSONElement, channelID: String, idType: CustomChannelIDType
    ) throws(CustomChannelRefusal) {
        guard root.isObject else { throw CustomChannelRefusal("the body must be a JSON object") }
        if let named = root["channelId"], !named.isNull {
            guard named.rawEquals(channelID) else { throw CustomChannelRefusal("channelId is of another channel") }
            namesChannel = true
        } else {
            namesChannel = false
        }
        guard let contact = root["contactId"]?.string else {
            throw CustomChannelRefusal("contactId is missing, or is no text")
        }
        do throws(CustomChannelError) {
            contactID = try idType.normalized(contact)
        } catch {
            throw CustomChannelRefusal(error.message)
        }
        guard let message = root["message"] else { throw CustomChannelRefusal("message is missing") }
        self.message = try CustomChannelMessage(reading: message)
        messageBytes = message.owned.bytes
        raw = root.owned.bytes
    }
}

/// Why a call of the platform is refused: a sentence for an agent.
public struct CustomChannelRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String

    init(_ message: String) {
        self.message = CustomChannelAnswer.sentence(message)
    }

    public var description: String { message }
}
