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
        case .double(let number)?: return Int64(exactly: number).map { String($0) } ?? String(number)
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

    /// `+` and digits; `nil` for what is no phone number, or may be somebody else's.
    static func canonicalPhone(_ text: String) -> String? { try? RecipientPhone.read(text).get() }

    /// Why nobody can be written to by this row; `nil` when somebody can.
    func problem(on channel: ChannelID) -> BroadcastProblem? {
        if let problem = problemOfPhone() { return problem }
        if !addresses(on: channel).isEmpty { return nil }
        if let email = self["email"] { return BroadcastProblem("'\(email.prefix(60))' is no e-mail address") }
        return BroadcastProblem("names nobody: it needs one of phone, email, identifier, id and session")
    }

    /// Why the phone number is none. Whom the platform knows by an id needs none.
    func problemOfPhone(country: CallingCode? = nil) -> BroadcastProblem? {
        guard self["id"] == nil, self["session"] == nil, let phone = self["phone"],
            case .failure(let problem) = RecipientPhone.read(phone, country: country)
        else { return nil }
        return problem
    }

    /// A client as a platform knows it. Numbers have their calling code there, with or without a plus sign.
    package init(client fields: JSONObject) {
        var fields = fields
        if case .string(let said)? = fields["phone"] {
            let phone = TypedText.plain(said)
            if let first = phone.first, first.isASCIIDigit, first != "0" { fields["phone"] = .string("+" + phone) }
        }
        self.init(fields)
    }

    /// With a phone number that is understood everywhere, where it can be read as one of the country.
    func dialled(in country: CallingCode?) -> AudienceRow {
        guard let country, let phone = self["phone"],
            case .success(let number) = RecipientPhone.read(phone, country: country)
        else { return self }
        var fields = fields
        fields["phone"] = .string(number)
        return AudienceRow(fields)
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
        return AudienceRow(client: fields).addresses(on: channel)
    }
}

extension String {
    var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
