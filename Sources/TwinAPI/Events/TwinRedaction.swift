public import EventJSON

/// Takes secrets out of what the platform sent, before anyone stores or shows it.
public enum TwinRedaction {
    /// The members whose values are secrets.
    public static let secretKeys: JSONKeys = [
        "token", "refreshToken", "refresh_token", "accessToken", "access_token", "authToken", "auth_token", "password",
        "authorization", "Authorization",
    ]

    /// Any payload as compact JSON without secrets.
    public static func payload(_ element: JSONElement) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024)
        element.write(to: &writer, redacting: secretKeys)
        return writer.bytes
    }
}
