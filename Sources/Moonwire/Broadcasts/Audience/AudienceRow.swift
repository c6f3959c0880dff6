public import EventJSON

/// One recipient as the audience names it: a JSON object of fields.
///
/// Some fields have a meaning: `session` (write into this session), `id` (the platform's), `phone`, `email`,
/// `identifier`, `name`, `tz` (an IANA zone), `language`. All of them are variables of the message.
public struct AudienceRow: Sendable, Hashable {
    public let fields: JSONObject

    public init(_ fields: JSONObject) {
        self.fields = fields
    }

    /// - Throws: what is wrong with the text.
    public init(json: RawJSON) throws {
        fields = try JSON(parsing: json.bytes).object ?? JSONObject()
    }

    public subscript(_ name: String) -> String? {
        switch fields[name] {
        case .string(let text)?:
            let trimmed = text.trimmingWhitespace
            return trimmed.isEmpty ? nil : trimmed
        case .int(let number)?: return String(number)
        case .double(let number)?: return String(number)
        default: return nil
        }
    }

    /// What the recipient is known by, the strongest first; empty for a row that names nobody. A phone number or an
    /// address means the same person on every channel, a platform's id only on its own.
    public func addresses(on channel: ChannelID) -> [String] {
        var all: [String] = []
        if let phone = self["phone"].flatMap(Self.canonicalPhone) { all.append("phone:" + phone) }
        if let email = self["email"], email.contains("@") { all.append("email:" + email.lowercased()) }
        if let identifier = self["identifier"] { all.append("identifier:" + identifier) }
        if let id = self["id"] { all.append("\(channel)/id:" + id) }
        if let session = self["session"] { all.append("\(channel)/session:" + session) }
        return all
    }

    /// `+` and digits; `nil` for what can be no phone number.
    static func canonicalPhone(_ text: String) -> String? {
        var digits = ""
        for character in text {
            if let digit = character.wholeNumberValue, digit < 10 {
                digits.append(String(digit))
            } else if !" +-().\u{200E}\u{200F}\u{202A}\u{202C}\u{00A0}/".contains(character) {
                return nil
            }
        }
        if digits.hasPrefix("00") { digits.removeFirst(2) }
        return (5...15).contains(digits.count) ? "+" + digits : nil
    }

    public var json: RawJSON { RawJSON(validated: JSON.object(fields).bytes) }
}

extension Client {
    /// What a client is known by in the ledger of broadcasts.
    public func addresses(on channel: ChannelID) -> [String] {
        var fields = JSONObject()
        for (name, value) in [("id", id), ("phone", phone), ("email", email), ("identifier", identifier)] {
            if let value { fields[name] = .string(value) }
        }
        return AudienceRow(fields).addresses(on: channel)
    }
}

extension String {
    var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
