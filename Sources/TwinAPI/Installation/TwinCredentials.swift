public import EventJSON

/// How an operator signs in.
public struct TwinCredentials: Hashable, Sendable {
    public var email: String
    public var password: TwinSecret
    /// For users of several companies.
    public var companyID: Int?
    /// What some installations ask for besides.
    public var extra: JSONObject?

    public init(email: String, password: TwinSecret, companyID: Int? = nil, extra: JSONObject? = nil) {
        self.email = email
        self.password = password
        self.companyID = companyID
        self.extra = extra
    }
}

extension TwinCredentials: CustomStringConvertible, CustomReflectable {
    /// The address only; `extra` may hold anything.
    public var description: String { email }
    public var customMirror: Mirror { Mirror(self, children: ["email": email]) }
}
