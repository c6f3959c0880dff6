internal import EventJSON

/// A user of the platform; here mostly an operator. Only the id is certain.
public struct TwinUser: Hashable, Sendable {
    /// A number on the wire of sign-in, often text elsewhere.
    public let id: String
    public let companyID: String?
    public let companyName: String?
    public let firstName: String?
    public let middleName: String?
    public let lastName: String?
    public let email: String?
    public let phone: String?
    public let roles: [String]
    public let isOnline: Bool?
    public let blockedAt: TwinTime?
    /// The user as the platform sent it, secrets replaced.
    public let raw: [UInt8]

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.id = id
        companyID = element.id("companyId", "company_id")
        companyName = element.filledText("companyName", "company_name")
        firstName = element.filledText("firstName", "first_name")
        middleName = element.filledText("middleName", "middle_name")
        lastName = element.filledText("lastName", "last_name")
        email = element.filledText("email", nil)
        phone = element.id("phone")
        roles = element.list("roles") { $0.string ?? $0.filledText("name", nil) }
        isOnline = element.flag("online")
        blockedAt = element.time("blockedAt", "blocked_at")
        raw = element.redacted
    }

    /// First and last name, else the address, else the id.
    public var name: String {
        let names = [firstName, lastName].compactMap(\.self)
        return names.isEmpty ? email ?? id : names.joined(separator: " ")
    }
}

/// A set of operators. A session sent to it goes to the one online with the smallest load.
public struct TwinGroup: Hashable, Sendable {
    public let id: String
    public let name: String?
    /// The group as the platform sent it, secrets replaced.
    public let raw: [UInt8]

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.id = id
        name = element.filledText("name", "title")
        raw = element.redacted
    }
}
