import Foundation
import Moonwire
import Yams

extension ChannelSection {
    static let customPlatforms: Set<Platform> = [.bonychat, .respondIO]

    /// What a custom channel may have.
    static let customKeys: Set = [
        "platform", "role", "slug", "channel_id", "api_tokens", "webhook_url", "id_type", "mode", "quick_replies",
        "answers_per_minute", "rate", "ca_file", "verify_tls",
    ]

    /// Reads a custom channel of BonyChat or respond.io; problems go to the reader.
    static func readCustom(
        _ values: [String: Node], _ node: Node, _ name: String, _ platform: Platform, _ isOperator: Bool,
        _ reader: ConfigurationReader
    ) -> ChannelSection? {
        refuse(
            familyKeys.union(twinKeys).subtracting(customKeys).sorted(), in: values,
            "a channel of \(platform.rawValue)", reader)
        if isOperator, let role = values["role"] {
            reader.report(role, "a channel of \(platform.rawValue) has the role client only")
        }
        for key in ["channel_id", "api_tokens", "id_type"] where values[key] == nil {
            reader.report(node, "channel '\(name)' needs '\(key)', as the platform's dialog shows it")
        }
        // Public sources disagree about the address, so none is guessed.
        if values["webhook_url"] == nil {
            reader.report(
                node, "channel '\(name)' needs 'webhook_url': copy it from the platform's dialog as it stands")
        }
        let slug = slug(values["slug"], node, name, reader)
        let channelID = values["channel_id"].flatMap { reader.string($0, "channel_id") }
        let tokens = values["api_tokens"].flatMap { self.tokens($0, reader) }
        let webhook = values["webhook_url"].flatMap { self.webhook($0, reader) }
        let idType = values["id_type"].flatMap { reader.choice($0, "id_type", of: CustomSeat.IDType.self) }
        guard let slug, let channelID, let tokens, let webhook, let idType else { return nil }
        var seat = CustomSeat(
            slug: slug, channelID: channelID, tokens: tokens, webhookURL: Secret(webhook.url), idType: idType)
        seat.mode = values["mode"].flatMap { reader.choice($0, "mode", of: CustomSeat.Mode.self) } ?? seat.mode
        seat.quickReplies =
            values["quick_replies"].flatMap { reader.choice($0, "quick_replies", of: CustomSeat.QuickReplies.self) }
            ?? seat.quickReplies
        seat.answersPerMinute =
            values["answers_per_minute"].flatMap { reader.integer($0, "answers_per_minute", in: 1...1000) }
            ?? seat.answersPerMinute
        let policy = DeliveryPolicy(rate: values["rate"].flatMap { reader.rate($0, "rate") } ?? 5)
        var section = ChannelSection(
            name: name, platform: platform, role: .client, origin: webhook.origin, delivery: policy,
            seat: .custom(seat))
        section.line = node.mark?.line
        section.readInstallation(values, reader)
        return section
    }

    private static func slug(
        _ node: Node?, _ channel: Node, _ name: String, _ reader: ConfigurationReader
    ) -> String? {
        guard let slug = node.map({ reader.string($0, "slug") }) ?? name else { return nil }
        let isLegal = slug.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isLegal, (1...64).contains(slug.utf8.count) else {
            reader.report(
                node ?? channel, "'slug' of channel '\(name)' must be 1 to 64 of a to z, digits, - and _")
            return nil
        }
        return slug
    }

    private static func tokens(_ node: Node, _ reader: ConfigurationReader) -> [Secret]? {
        let nodes: [Node] =
            if case .sequence(let sequence) = node { Array(sequence) } else { [node] }
        let tokens = nodes.compactMap { reader.secret($0, "api_tokens") }
        guard tokens.count == nodes.count else { return nil }
        guard (1...2).contains(tokens.count), tokens.allSatisfy({ !$0.revealed.isEmpty }) else {
            reader.report(node, "'api_tokens' must be one token, or two while the platform changes to the first")
            return nil
        }
        return tokens
    }

    private static func webhook(_ node: Node, _ reader: ConfigurationReader) -> (url: String, origin: String)? {
        guard let text = reader.string(node, "webhook_url") else { return nil }
        guard let url = URLComponents(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty, url.user == nil
        else {
            reader.report(node, "'webhook_url' must be an https address, as the platform's dialog shows it")
            return nil
        }
        return (text, "\(scheme)://\(host)" + (url.port.map { ":\($0)" } ?? ""))
    }
}
