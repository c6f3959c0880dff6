/// The base URLs of the services of TWIN24.
public struct TwinURLs: Sendable, Codable {
    /// Auth, users and files.
    public let iam: String
    public let chat: String
    /// With `http`, as the platform writes it; the socket wants `ws`.
    public let realtime: String
    public let notify: String
}
