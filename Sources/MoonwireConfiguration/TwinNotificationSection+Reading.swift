import EventJSON
import Moonwire
import Yams

extension TwinNotificationSection {
    /// What an option holds.
    private enum Shape { case text, flag }

    /// Options by the service's names, as its vendor lists them. What is not listed goes under `more`.
    private static let options: [Kind: [(key: String, wire: String, shape: Shape)]] = [
        .sms: [("from", "from", .text)],
        .email: [
            ("subject", "subject", .text), ("from_email", "fromEmail", .text), ("from_name", "fromName", .text),
            ("reply_to", "replyTo", .text),
        ],
        .viber: [
            ("image_url", "imageUrl", .text), ("button_url", "buttonUrl", .text), ("button_text", "buttonText", .text),
        ],
        .whatsapp: [
            ("image_url", "imageUrl", .text), ("button_url", "buttonUrl", .text), ("button_text", "buttonText", .text),
            ("media_url", "mediaUrl", .text), ("document_filename", "documentFilename", .text),
        ],
        .chat: [
            ("chat_id", "chatId", .text), ("bot_id", "botId", .text), ("messenger_type", "messengerType", .text),
            ("chat_session_name", "chatSessionName", .text),
            ("continue_last_or_start_new_session", "continueLastOrStartNewSession", .flag),
        ],
    ]

    private static let templateOptions = [
        ("template_name", "templateName"), ("template_namespace", "templateNamespace"), ("language", "language"),
    ]

    /// Reads `notifications`; problems go to the reader.
    static func read(_ node: Node, _ reader: ConfigurationReader) -> TwinNotificationSection? {
        let members = reader.mapping(node, "notifications", known: ["channels", "phones", "group_ids"])
        let values = Dictionary(members.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
        var ways: [Way] = []
        if case .sequence(let list)? = values["channels"], !list.isEmpty {
            for item in list {
                guard let way = way(item, reader) else { continue }
                if ways.contains(where: { $0.kind == way.kind }) {
                    reader.report(
                        item, "'\(way.kind.rawValue)' stands twice in 'channels'; the service takes each once")
                }
                ways.append(way)
            }
        } else {
            reader.report(
                values["channels"] ?? node,
                "'notifications' needs 'channels': a list of \(kinds), in the order in which they are tried")
        }
        var section = TwinNotificationSection(ways)
        section.phones = values["phones"].flatMap { reader.choice($0, "phones", of: Phones.self) } ?? section.phones
        section.marksGroups = values["group_ids"].flatMap { reader.boolean($0, "group_ids") } ?? section.marksGroups
        return ways.isEmpty ? nil : section
    }

    private static var kinds: String { Kind.allCases.map(\.rawValue).joined(separator: ", ") }

    /// One item: `sms`, or `sms: { from: Shop }`.
    private static func way(_ node: Node, _ reader: ConfigurationReader) -> Way? {
        guard case .mapping = node else {
            guard case .scalar = node, let kind = reader.choice(node, "channels", of: Kind.self) else {
                if case .sequence = node { reader.report(node, "a channel is a word, or a word with options") }
                return nil
            }
            return way(kind, [:], node, reader)
        }
        let members = reader.mapping(node, "channels", known: nil)
        guard let member = members.first, members.count == 1 else {
            reader.report(node, "each item of 'channels' is one channel, such as '- sms: { from: Shop }'")
            return nil
        }
        guard let kind = Kind(rawValue: member.key) else {
            let hint = NearestWord.to(member.key, in: Kind.allCases.map(\.rawValue)).map { "; did you mean '\($0)'?" }
            reader.report(node, "the service has no channel '\(member.key)'" + (hint ?? "; it has \(kinds)"))
            return nil
        }
        // `- sms:` without options.
        if case .scalar(let scalar) = member.node, scalar.string.isEmpty { return way(kind, [:], node, reader) }
        let values = reader.mapping(member.node, member.key, known: known(kind))
        return way(
            kind, Dictionary(values.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first }), node, reader)
    }

    private static func known(_ kind: Kind) -> Set<String> {
        var known: Set = ["provider", "validity_period", "required", "more"]
        known.formUnion((options[kind] ?? []).map(\.key))
        if kind == .whatsapp { known.formUnion(templateOptions.map(\.0) + ["template_data"]) }
        return known
    }

    private static func way(
        _ kind: Kind, _ values: [String: Node], _ node: Node, _ reader: ConfigurationReader
    ) -> Way {
        var way = Way(kind)
        way.provider = values["provider"].flatMap { reader.string($0, "provider") }
        way.validityPeriod = values["validity_period"].flatMap { reader.integer($0, "validity_period", in: 1...2880) }
        way.isRequired = values["required"].flatMap { reader.boolean($0, "required") }
        for (key, wire, shape) in options[kind] ?? [] {
            guard let value = values[key] else { continue }
            switch shape {
            case .text: way.options[wire] = reader.string(value, key).map { .string($0) }
            case .flag: way.options[wire] = reader.boolean(value, key).map { .bool($0) }
            }
        }
        if let more = values["more"] { add(more, to: &way, reader) }
        if kind == .whatsapp { way.template = template(values, reader) }
        demand(kind, values, node, reader)
        return way
    }

    private static func add(_ node: Node, to way: inout Way, _ reader: ConfigurationReader) {
        guard let more = tree(node, "more", reader)?.object else {
            reader.report(node, "'more' must be a mapping of the service's own names to values")
            return
        }
        for member in more.members {
            if ["text", "provider", "validityPeriod", "required"].contains(member.key) || way.options[member.key] != nil
            {
                reader.report(node, "'\(member.key)' cannot stand in 'more'")
            }
            way.options[member.key] = member.value
        }
    }

    private static func template(_ values: [String: Node], _ reader: ConfigurationReader) -> JSONObject? {
        var template: JSONObject = [:]
        for (key, wire) in templateOptions {
            if let node = values[key] { template[wire] = reader.string(node, key).map { .string($0) } }
        }
        if let node = values["template_data"] {
            template["templateData"] = tree(node, "template_data", reader)
            if case .scalar = node { reader.report(node, "'template_data' must be a list or a mapping") }
        }
        if let node = (templateOptions.map(\.0) + ["template_data"]).compactMap({ values[$0] }).first,
            values["template_name"] == nil
        {
            reader.report(node, "whatsapp needs 'template_name' for a template")
        }
        return template["templateName"] == nil ? nil : template
    }

    /// What a message could not be sent without.
    private static func demand(
        _ kind: Kind, _ values: [String: Node], _ node: Node, _ reader: ConfigurationReader
    ) {
        let needed: (key: String, why: String)? =
            switch kind {
            case .chat: ("chat_id", "the chat in which the session begins")
            case .email: ("subject", "a mail without one looks like spam")
            default: nil
            }
        guard let needed, values[needed.key] == nil else { return }
        reader.report(node, "\(kind.rawValue) needs '\(needed.key)': \(needed.why)")
    }

    private static func tree(_ node: Node, _ name: String, _ reader: ConfigurationReader) -> JSON? {
        try? JSON(parsing: reader.json(node, name).bytes)
    }
}
