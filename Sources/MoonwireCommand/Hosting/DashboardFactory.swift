import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireDashboard
import MoonwireScripts

/// Makes the dashboard apps of a host from their configuration.
struct DashboardFactory {
    private let sections: [DashboardSection]
    /// The host's public address.
    private let address: String
    /// Where signing keys are kept, so that a restart signs nobody out.
    private let stateFolder: URL
    private let logger: Logger

    /// What serves the buttons that every page has.
    static let script = ScriptBundle.sources(
        script: HandoverScript.name, files: [HandoverScript.file: HandoverScript.source], entry: HandoverScript.file)

    /// `nil` when the configuration has no dashboards.
    init?(_ configuration: HostConfiguration, _ stateFolder: URL, _ logs: LogSetup) throws(HostError) {
        guard let first = configuration.dashboards.first else { return nil }
        guard let server = configuration.server else {
            throw HostError(
                "dashboard '\(first.name)' is a page that browsers load: the configuration needs a section 'server' with "
                    + "'listen' and 'public_url'", isWrongInput: true)
        }
        sections = configuration.dashboards
        address = server.address(of: "")
        self.stateFolder = stateFolder
        logger = logs.logger("moonwire.dashboard")
    }

    func dashboard(
        channels: [any Channel], engine: Engine, journal: any Journal, watch: SessionWatch
    ) throws(HostError) -> Dashboard {
        guard let journal = journal as? any SessionGlancing else {
            throw HostError("this journal cannot show sessions at a glance, which dashboards need")
        }
        guard let origin = Self.origin(of: address) else {
            throw HostError("'public_url' must be an address such as https://bots.example.com", isWrongInput: true)
        }
        let desks = channels.compactMap { channel in
            channel.desk.map { Dashboard.Desk(channel.descriptor, $0) }
        }
        return Dashboard(
            sections.map(Self.app), desks: desks, engine: engine, journal: journal, watch: watch, keys: try keys(),
            origin: origin, prefix: URLComponents(string: address)?.percentEncodedPath ?? "", logger: logger)
    }

    private static func app(_ section: DashboardSection) -> DashboardApp {
        var app = DashboardApp(
            name: section.name, channel: ChannelID(section.channel), title: section.title, origins: section.origins)
        app.ancestors = section.ancestors
        if !section.fetchInfo.isEmpty { app.requests = section.fetchInfo }
        app.signIn = Set(section.signIn.compactMap { DashboardApp.SignIn(rawValue: $0.rawValue) })
        app.launchKey = section.launchKey?.revealed
        app.allowsMobile = section.allowsMobile
        app.tokenLife = section.tokenLife
        app.seatLife = section.seatLife
        app.actions = section.actions.map(Set.init)
        app.language = section.language
        return app
    }

    /// As browsers name it: without what follows the port.
    static func origin(of address: String) -> String? {
        guard let url = URLComponents(string: address), let scheme = url.scheme, let host = url.host else { return nil }
        let standard = ["http": 80, "https": 443][scheme]
        let port = url.port.flatMap { $0 == standard ? nil : ":\($0)" } ?? ""
        return "\(scheme)://\(host)\(port)".lowercased()
    }

    // Lines of `<day of making> <secret>`, the newest first. A key signs for a month and is good for another.

    private static let signs = 30
    private static let isGood = 60

    private func keys() throws(HostError) -> SigningKeys {
        let file = stateFolder.appendingPathComponent(".moonwire-dashboard.keys")
        let today = Int(Date().timeIntervalSince1970 / 86_400)
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        var lines = text.split(separator: "\n").map(String.init).filter { line in
            guard let day = line.split(separator: " ").first.flatMap({ Int($0) }) else { return false }
            return today - day < Self.isGood && day <= today
        }
        if !lines.contains(where: { today - (Int($0.prefix { $0 != " " }) ?? 0) < Self.signs }) {
            var generator = SystemRandomNumberGenerator()
            let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            lines.insert("\(today) " + Data(secret).base64EncodedString(), at: 0)
            guard
                FileManager.default.createFile(
                    atPath: file.path, contents: Data((lines.joined(separator: "\n") + "\n").utf8),
                    attributes: [.posixPermissions: 0o600])
            else {
                throw HostError(
                    "the keys of the dashboards cannot be kept in \(stateFolder.path); make the folder writable")
            }
        }
        let keys = lines.compactMap { line -> SigningKeys.Key? in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let secret = Data(base64Encoded: String(parts[1])), secret.count >= 16 else {
                return nil
            }
            return SigningKeys.Key(id: String(parts[0]), secret: Array(secret))
        }
        guard let first = keys.first else {
            throw HostError("the keys of the dashboards in \(file.path) cannot be read; remove the file")
        }
        return SigningKeys(first, Array(keys.dropFirst()))
    }
}
