import Foundation
import Moonwire
import Yams

extension DashboardSection {
    private static let keys: Set = [
        "channel", "title", "origins", "ancestors", "fetch_info", "sign_in", "launch_key", "mobile", "token_life",
        "seat_life", "actions", "language",
    ]

    private enum Language: String, CaseIterable { case ar, en, es, ru }

    /// Reads one member of `dashboards`; problems go to the reader.
    static func read(
        _ node: Node, name: String, channels: [ChannelSection], _ reader: ConfigurationReader
    ) -> DashboardSection? {
        let members = reader.mapping(node, "dashboards.\(name)", known: keys)
        let values = Dictionary(members.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
        guard isName(name) else {
            reader.report(
                node, "a dashboard's name stands in its address: lower-case letters, digits and '-', not 'api'")
            return nil
        }
        guard let channel = channel(values["channel"], node, name, channels, reader) else { return nil }
        let origins = values["origins"].map { self.origins($0, "origins", reader) } ?? [channel.origin]
        var section = DashboardSection(name: name, channel: channel.name, origins: origins)
        section.line = node.mark?.line
        section.title = values["title"].flatMap { reader.string($0, "title") }
        section.ancestors = values["ancestors"].map { Self.origins($0, "ancestors", reader) } ?? []
        section.fetchInfo = values["fetch_info"].map { reader.strings($0, "fetch_info") } ?? []
        section.allowsMobile = values["mobile"].flatMap { reader.boolean($0, "mobile") } ?? false
        section.tokenLife =
            values["token_life"].flatMap { span($0, "token_life", .seconds(1), .seconds(3600), reader) }
            ?? section.tokenLife
        section.seatLife =
            values["seat_life"].flatMap { span($0, "seat_life", .seconds(60), .seconds(30 * 86_400), reader) }
            ?? section.seatLife
        section.actions = values["actions"].map { reader.strings($0, "actions") }
        section.language = values["language"].flatMap { reader.choice($0, "language", of: Language.self) }?.rawValue
        section.readSignIn(values, node, reader)
        return section
    }

    private mutating func readSignIn(_ values: [String: Node], _ node: Node, _ reader: ConfigurationReader) {
        if let list = values["sign_in"] {
            let known = SignIn.allCases.map(\.rawValue)
            let words = reader.strings(list, "sign_in")
            for word in words where SignIn(rawValue: word) == nil {
                reader.report(
                    list, "'sign_in' knows \(known.joined(separator: ", "))\(NearestWord.hint(for: word, in: known))")
            }
            signIn = Set(words.compactMap(SignIn.init(rawValue:)))
        }
        launchKey = values["launch_key"].flatMap { reader.secret($0, "launch_key") }
        if let launchKey, launchKey.revealed.utf8.count < 22 {
            reader.report(
                values["launch_key"],
                "'launch_key' must be random and have at least 22 characters, as `openssl rand -hex 16` prints one")
        }
        if signIn.contains(.launchKey), launchKey == nil {
            reader.report(node, "'sign_in' has launch-key, so that 'launch_key' is needed")
        }
        // In the mobile app anybody can claim to be the platform's page.
        if allowsMobile, signIn.isDisjoint(with: [.login, .pair]) {
            reader.report(node, "with 'mobile' somebody must sign in: put login or pair into 'sign_in'")
        }
    }

    private static func channel(
        _ value: Node?, _ node: Node, _ name: String, _ channels: [ChannelSection], _ reader: ConfigurationReader
    ) -> ChannelSection? {
        guard let value else {
            reader.report(node, "dashboard '\(name)' needs its 'channel'")
            return nil
        }
        guard let wanted = reader.string(value, "channel") else { return nil }
        guard let channel = channels.first(where: { $0.name == wanted }) else {
            reader.report(
                value, "no channel is called '\(wanted)'" + NearestWord.hint(for: wanted, in: channels.map(\.name)))
            return nil
        }
        guard case .operator = channel.seat else {
            reader.report(
                value,
                "a dashboard shows sessions of an operator's seat on Chatwoot, Bevatel or Hoory, which '\(wanted)' is not"
            )
            return nil
        }
        return channel
    }

    private static func origins(_ node: Node, _ key: String, _ reader: ConfigurationReader) -> [String] {
        reader.strings(node, key).compactMap { text in
            guard let url = URLComponents(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
                let host = url.host, !host.isEmpty, !host.contains("*"), url.path.isEmpty, url.query == nil,
                url.fragment == nil, url.user == nil, text == text.lowercased(), !text.contains(where: \.isWhitespace),
                !text.contains(";"), !text.contains(",")
            else {
                reader.report(
                    node, "'\(key)' must hold origins such as https://chat.example.com, in full and without a path")
                return nil
            }
            return text
        }
    }

    private static func span(
        _ node: Node, _ name: String, _ least: Duration, _ most: Duration, _ reader: ConfigurationReader
    ) -> Duration? {
        guard let duration = reader.duration(node, name) else { return nil }
        guard duration >= least, duration <= most else {
            reader.report(node, "'\(name)' must be from \(least.components.seconds)s to \(most.components.seconds)s")
            return nil
        }
        return duration
    }

    private static func isName(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count) && name != "api"
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}
