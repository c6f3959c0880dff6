import Foundation
import Moonwire
import Yams

extension ChannelSection {
    static let familyKeys: Set = [
        "platform", "role", "origin", "inbox", "source_id", "name", "email", "phone", "identifier", "hmac_token",
        "account", "token", "inboxes", "rate", "burst", "in_doubt", "request_limit", "public_prefix", "app_prefix",
        "cable_path", "channel_name", "auth_header", "origin_header", "presence", "poll", "ca_file", "verify_tls",
        "first_start",
    ]

    private static let origins: [Platform: String] = [
        .bevatel: "https://chat.bevatel.com", .hoory: "https://app.hoory.com",
    ]

    private enum FirstStart: String, CaseIterable { case now, unread }
    private enum InDoubt: String, CaseIterable { case unknown, `repeat` }
    private enum PlatformWord: String, CaseIterable {
        case chatwoot, bevatel, hoory, twin24, bonychat
        case respondIO = "respond.io"
    }

    private enum RoleWord: String, CaseIterable { case client, `operator` }

    /// Reads one member of `channels`; problems go to the reader.
    static func read(_ node: Node, name: String, _ reader: ConfigurationReader) -> ChannelSection? {
        let members = reader.mapping(node, "channels.\(name)", known: familyKeys.union(twinKeys).union(customKeys))
        let values = Dictionary(members.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
        let platform = values["platform"].flatMap { reader.choice($0, "platform", of: PlatformWord.self) }
        let role = values["role"].flatMap { reader.choice($0, "role", of: RoleWord.self) }
        if values["platform"] == nil { reader.report(node, "channel '\(name)' needs its 'platform'") }
        if let platform, customPlatforms.contains(Platform(rawValue: platform.rawValue)) {
            return readCustom(values, node, name, Platform(rawValue: platform.rawValue), role == .operator, reader)
        }
        if values["role"] == nil { reader.report(node, "channel '\(name)' needs its 'role': client or operator") }
        guard let platform, let role, let roleValue = Role(rawValue: role.rawValue) else { return nil }
        let platformValue = Platform(rawValue: platform.rawValue)
        if platformValue == .twin24 { return readTwin(values, node, name, roleValue, reader) }
        refuse(
            twinKeys.union(customKeys).subtracting(familyKeys).sorted(), in: values,
            "a channel of \(platform.rawValue)", reader)
        guard let origin = origin(values["origin"], of: platformValue, node, name, reader),
            let seat = role == .client
                ? clientSeat(values, node, name, reader) : operatorSeat(values, node, name, reader)
        else { return nil }
        var section = ChannelSection(
            name: name, platform: platformValue, role: roleValue, origin: origin,
            delivery: delivery(values, reader), seat: seat)
        section.line = node.mark?.line
        section.readInstallation(values, reader)
        return section
    }

    private static func origin(
        _ node: Node?, of platform: Platform, _ channel: Node, _ name: String, _ reader: ConfigurationReader
    ) -> String? {
        guard let node else {
            if let origin = origins[platform] { return origin }
            reader.report(channel, "channel '\(name)' needs its 'origin', such as https://chat.example.com")
            return nil
        }
        guard let text = reader.string(node, "origin") else { return nil }
        let origin = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URLComponents(string: origin), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host?.isEmpty == false, url.path.isEmpty, url.query == nil, url.user == nil
        else {
            reader.report(node, "'origin' must be https://host (or http://host for a test), without a path")
            return nil
        }
        return origin
    }

    private static func clientSeat(
        _ values: [String: Node], _ node: Node, _ name: String, _ reader: ConfigurationReader
    ) -> Seat? {
        refuse(["account", "token", "inboxes"], in: values, "a client-role channel", reader)
        guard let inboxNode = values["inbox"] else {
            reader.report(node, "channel '\(name)' needs 'inbox': the identifier from the API channel's settings")
            return nil
        }
        guard let inbox = reader.secret(inboxNode, "inbox") else { return nil }
        var seat = ClientSeat(inbox: inbox)
        seat.sourceID = values["source_id"].flatMap { reader.secret($0, "source_id") }
        seat.name = values["name"].flatMap { reader.string($0, "name") }
        seat.email = values["email"].flatMap { reader.string($0, "email") }
        seat.phone = values["phone"].flatMap { reader.string($0, "phone") }
        seat.identifier = values["identifier"].flatMap { reader.string($0, "identifier") }
        seat.hmacToken = values["hmac_token"].flatMap { reader.secret($0, "hmac_token") }
        return .client(seat)
    }

    private static func operatorSeat(
        _ values: [String: Node], _ node: Node, _ name: String, _ reader: ConfigurationReader
    ) -> Seat? {
        refuse(
            ["inbox", "source_id", "name", "email", "phone", "identifier", "hmac_token"], in: values,
            "an operator-role channel", reader)
        for key in ["account", "token"] where values[key] == nil {
            reader.report(node, "channel '\(name)' needs '\(key)'")
        }
        let account = values["account"].flatMap { reader.integer($0, "account", in: 1...Int(Int32.max)) }
        let token = values["token"].flatMap { reader.secret($0, "token") }
        guard let account, let token else { return nil }
        var seat = OperatorSeat(account: account, token: token)
        seat.inboxes = values["inboxes"].map { reader.strings($0, "inboxes") } ?? []
        return .operator(seat)
    }

    static func refuse(
        _ keys: [String], in values: [String: Node], _ what: String, _ reader: ConfigurationReader
    ) {
        for key in keys {
            if let node = values[key] { reader.report(node, "'\(key)' does not belong to \(what)") }
        }
    }

    static func delivery(
        _ values: [String: Node], _ reader: ConfigurationReader,
        // Forks older than 3.1 throttle an address at 300 requests a minute.
        from defaults: DeliveryPolicy = DeliveryPolicy(rate: 250.0 / 60, burst: 40)
    ) -> DeliveryPolicy {
        var policy = defaults
        if let rate = values["rate"].flatMap({ reader.rate($0, "rate") }) { policy.rate = rate }
        if let burst = values["burst"].flatMap({ reader.integer($0, "burst", in: 1...1_000_000) }) {
            policy.burst = Double(burst)
        }
        if let inDoubt = values["in_doubt"].flatMap({ reader.choice($0, "in_doubt", of: InDoubt.self) }) {
            policy.inDoubt = inDoubt == .repeat ? .repeat : .unknown
        }
        if let limit = values["request_limit"].flatMap({ reader.duration($0, "request_limit") }) {
            policy.requestLimit = limit
        }
        return policy
    }

    mutating func readInstallation(_ values: [String: Node], _ reader: ConfigurationReader) {
        func text(_ key: String) -> String? { values[key].flatMap { reader.string($0, key) } }
        publicPrefix = text("public_prefix") ?? publicPrefix
        appPrefix = text("app_prefix") ?? appPrefix
        cablePath = text("cable_path") ?? cablePath
        channelName = text("channel_name") ?? channelName
        authHeader = text("auth_header") ?? authHeader
        originHeader = text("origin_header")
        presence = values["presence"].flatMap { reader.duration($0, "presence") } ?? presence
        poll = values["poll"].flatMap { reader.duration($0, "poll") } ?? poll
        caFile = text("ca_file").map { reader.url($0).path }
        verifyTLS = values["verify_tls"].flatMap { reader.boolean($0, "verify_tls") } ?? verifyTLS
        if let first = values["first_start"].flatMap({ reader.choice($0, "first_start", of: FirstStart.self) }) {
            startsWithUnread = first == .unread
        }
    }
}
