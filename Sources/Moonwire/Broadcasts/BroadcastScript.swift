public import EventJSON

/// A script that registers broadcasts. Confined to one thread, like every script instance.
public protocol BroadcastScript: ScriptInstance {
    /// What it registers, as plans that a start would take.
    var broadcasts: [BroadcastPlan] { get }

    /// Writes the message to a recipient by the script's own function, which may do nothing else.
    func message(of broadcast: String, to row: JSONObject, now: Instant) throws(ScriptFailure) -> BroadcastMessage
}

/// What a recipient is sent.
public struct BroadcastMessage: Sendable, Hashable {
    public var text: String
    /// Whether the platform's own template marks in the text are meant.
    public var isTemplate: Bool

    public init(text: String, isTemplate: Bool = false) {
        self.text = text
        self.isTemplate = isTemplate
    }

    /// As the ledger keeps it.
    var json: RawJSON {
        var members: JSONObject = ["text": .string(text)]
        if isTemplate { members["template"] = true }
        return RawJSON(validated: JSON.object(members).bytes)
    }

    /// `nil` for an intent that cannot be read.
    init?(json: RawJSON?) {
        guard let tree = json.flatMap({ try? JSON(parsing: $0.bytes) }), let text = tree["text"]?.string else {
            return nil
        }
        self.init(text: text, isTemplate: tree["template"]?.bool ?? false)
    }
}
