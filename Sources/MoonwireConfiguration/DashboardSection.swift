/// One dashboard app of the configuration: a page that a platform shows to its operators beside a session.
public struct DashboardSection: Sendable {
    public enum SignIn: String, Sendable, Hashable, CaseIterable {
        case login, pair
        case launchKey = "launch-key"
    }

    /// What stands in the page's address.
    public var name: String
    /// The channel whose sessions the page shows.
    public var channel: String
    public var title: String?
    /// Where the platform's pages come from; the channel's own origin when absent. Without any, nobody may embed the page.
    public var origins: [String]
    /// Further pages around the platform's.
    public var ancestors: [String] = []
    /// How the platform is asked for the open session, in the order of trial; the families' own words when empty.
    public var fetchInfo: [String] = []
    public var signIn: Set<SignIn> = [.login, .pair]
    public var launchKey: Secret?
    public var allowsMobile = false
    public var tokenLife: Duration = .seconds(300)
    public var seatLife: Duration = .seconds(12 * 3600)
    /// The actions that operators may take; all when absent.
    public var actions: [String]?
    /// `ar`, `en`, `es` or `ru`; the browser's when absent.
    public var language: String?
    /// Where it stands in the configuration file.
    public var line: Int?

    public init(name: String, channel: String, origins: [String]) {
        self.name = name
        self.channel = channel
        self.origins = origins
    }

    /// What follows the host's public address; the launch key, where there is one, comes behind it as `#k=…`.
    public var path: String { "/dash/\(name)/" }
}
