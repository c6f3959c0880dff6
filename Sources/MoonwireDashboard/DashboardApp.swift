public import Moonwire

/// One dashboard app: a page of the host's that a platform shows to its operators beside a session.
public struct DashboardApp: Sendable {
    /// How the page learns who looks at it.
    public enum SignIn: String, Sendable, Hashable, CaseIterable {
        /// In a window of the host's own, with the operator's own access token of the platform.
        case login
        /// With a code that an administrator of the host hands to the operator.
        case pair
        /// By a secret in the configured address: says nothing of who it is, and allows reading only.
        case launchKey = "launch-key"
    }

    /// What stands in the page's address. Not `api`.
    public let name: String
    public let channel: ChannelID
    public var title: String
    /// Where the platform's own pages come from, such as `https://chat.example.com`. Without any, nobody may embed the
    /// page.
    public var origins: [String]
    /// Further pages that may stand around the platform's.
    public var ancestors: [String] = []
    /// How the platform is asked for the open session, in the order in which they are tried.
    public var requests = ["bevatel-dashboard-app:fetch-info", "chatwoot-dashboard-app:fetch-info"]
    public var signIn: Set<SignIn> = [.login, .pair]
    public var launchKey: String?
    /// Whether the platform's mobile app may show the page, where origins prove nothing.
    public var allowsMobile = false
    /// How long a token lasts; the page renews it by itself.
    public var tokenLife: Duration = .seconds(300)
    /// How long a sign-in lasts.
    public var seatLife: Duration = .seconds(12 * 3600)
    /// The actions that operators may take, by their scopes; `nil` for all.
    public var actions: Set<String>?
    /// The page's language, when the browser's is not to count.
    public var language: String?

    public init(name: String, channel: ChannelID, title: String? = nil, origins: [String]) {
        self.name = name
        self.channel = channel
        self.title = title ?? name
        self.origins = origins
    }

    /// The scopes of a token.
    func scopes(isSignedIn: Bool) -> [String] {
        guard isSignedIn else { return ["read"] }
        return ["read"] + (actions.map { $0.sorted().map { "act:" + $0 } } ?? ["act:*"])
    }
}
