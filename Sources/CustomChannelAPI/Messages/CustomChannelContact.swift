internal import EventJSON

/// What the platform is told of a customer. Absent and empty fields are left out on the wire.
public struct CustomChannelContact: Hashable, Sendable {
    /// At most 50.
    public var firstName: String?
    /// At most 50.
    public var lastName: String?
    /// The public link of an image of at most 100 KB.
    public var profilePic: String?
    /// Such as `en_US`.
    public var locale: String?
    /// Two letters of ISO 3166-1.
    public var countryCode: String?
    /// Hours from Greenwich, −24 to 24.
    public var timezone: Double?
    /// At most 50.
    public var email: String?
    /// At most 18.
    public var phone: String?
    /// Two letters of ISO 639-1, without a region.
    public var language: String?

    public init() {}

    public var isEmpty: Bool { self == CustomChannelContact() }

    /// Holds the contact to the limits of the protocol.
    public func check() throws(CustomChannelError) {
        let limit = CustomChannelLimits.contactField
        try FieldRule.optional(firstName, "contact.firstName", limit: limit)
        try FieldRule.optional(lastName, "contact.lastName", limit: limit)
        try FieldRule.optional(email, "contact.email", limit: limit)
        try FieldRule.optional(phone, "contact.phone", limit: CustomChannelLimits.phone)
        if let profilePic, !profilePic.isEmpty { try FieldRule.link(profilePic, "contact.profilePic") }
        if let timezone { try FieldRule.number(timezone, "contact.timezone", in: -24...24) }
        try Self.letters(countryCode, "contact.countryCode", "two letters such as MX") { $0.utf8.count == 2 }
        try Self.letters(language, "contact.language", "two letters such as es, without a region") {
            $0.utf8.count == 2
        }
        try Self.letters(locale, "contact.locale", "a language and a region such as en_US") { locale in
            let parts = locale.split(separator: "_", omittingEmptySubsequences: false)
            return (1...2).contains(parts.count) && parts.allSatisfy { (2...4).contains($0.utf8.count) }
        }
    }

    private static func letters(
        _ value: String?, _ field: String, _ rule: String, _ isShaped: (String) -> Bool
    ) throws(CustomChannelError) {
        guard let value, !value.isEmpty else { return }
        let isPlain = value.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_") }
        guard isPlain, isShaped(value) else { throw .invalid(field, "must be \(rule), got '\(value)'") }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.filled("firstName", firstName)
        writer.filled("lastName", lastName)
        writer.filled("phone", phone)
        writer.filled("email", email)
        writer.filled("profilePic", profilePic)
        writer.filled("locale", locale)
        writer.filled("countryCode", countryCode)
        if let timezone {
            writer.key("timezone")
            if let whole = Int64(exactly: timezone) { writer.value(whole) } else { writer.value(timezone) }
        }
        writer.filled("language", language)
        writer.endObject()
    }
}
