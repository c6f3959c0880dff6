import LuaRuntime
import Moonwire

extension APIFunctions {
    static let registering: [String: Implementation] = [
        "bot.on": { call in
            let event = call.text(0)
            let opts = call.options(3)
            try call.register(
                .event, subject: event, events: [event], name: opts.text("name"), priority: opts.integer("priority"),
                isSpeech: EventName.isSpeech(event))
            return .nothing
        },
        "bot.command": { call in
            let spelled = call.text(0)
            let word = FoldedText.fold(spelled.hasPrefix("/") ? String(spelled.dropFirst()) : spelled)
            guard !word.isEmpty, !word.contains(where: \.isWhitespace) else {
                throw call.complaint("'word' must be one word, got \"\(spelled)\"")
            }
            try call.register(
                .command(word), subject: "/" + word, events: ["message.created"], name: nil, priority: 0, isSpeech: true
            )
            return .nothing
        },
        "bot.use": { call in
            call.script.registrations.middlewares.append(try call.luaFunction(0))
            return .nothing
        },
        "bot.on_error": { call in
            guard call.script.registrations.errorHandler == nil else {
                throw call.complaint("the script has an error handler already")
            }
            call.script.registrations.errorHandler = try call.luaFunction(0)
            return .nothing
        },
        "bot.settings": { call in try call.declareSettings() },
    ]
}

extension APICall {
    fileprivate func register(
        _ trigger: HandlerDescriptor.Trigger, subject: String, events: Set<String>, name: String?, priority: Int,
        isSpeech: Bool
    ) throws {
        let options = options(1)
        var filter = try eventFilter(options, events: events)
        if !isSpeech, !options.has("from") { filter.from = .any }
        let handler = Registrations.Handler(function: try luaFunction(2), filter: options.function("where"))
        do {
            try script.registrations.add(
                trigger, subject: subject, name: name, filter: filter, priority: priority, location: location,
                handler: handler)
        } catch {
            throw complaint(error.description)
        }
    }

    private func eventFilter(_ options: APIOptions, events: Set<String>) throws -> EventFilter {
        var filter = EventFilter(events: events)
        filter.channels = Set(options.texts("channel"))
        filter.platforms = Set(options.texts("platform"))
        filter.roles = Set(options.texts("role").compactMap(Role.init(rawValue:)))
        filter.from = Self.speakers(options.texts("from"))
        let owners = options.texts("owner")
        filter.anyOwner = owners.contains("any")
        filter.owners = Set(owners.compactMap(Owner.init(rawValue:)))
        filter.statuses = Set(options.texts("status"))
        filter.texts = Set(options.texts("text"))
        filter.words = Set(options.texts("words").map(FoldedText.joinedWords))
        filter.prefixes = options.texts("prefix")
        filter.patterns = try options.texts("pattern").map(linearPattern)
        filter.attachment = Self.attachment(options.value("attachment"))
        filter.labels = Set(options.texts("label"))
        filter.languages = Set(options.texts("language"))
        filter.maxAge = options.duration("max_age")
        try checkNames(options)
        return filter
    }

    /// A filter that can never match is a mistake: a channel that is not configured.
    private func checkNames(_ options: APIOptions) throws {
        let channels = script.environment.channels
        guard !channels.isEmpty else { return }
        for name in options.texts("channel") where channels[ChannelID(name)] == nil {
            let names = channels.keys.map(\.rawValue).sorted()
            throw complaint("there is no channel '\(name)'" + NearestWord.hint(for: name, in: names))
        }
    }

    private static func speakers(_ words: [String]) -> EventFilter.From {
        if words.contains("any") { return .any }
        if words.contains("peer") { return .peer }
        return .speakers(Set(words.compactMap(Speaker.init(rawValue:))))
    }

    private static func attachment(_ value: LuaValue) -> EventFilter.AttachmentRule {
        if let flag = value.boolean { return flag ? .present : .any }
        let kinds = value.array.map { $0.map(\.printed) } ?? (value.isNil ? [] : [value.printed])
        return kinds.isEmpty ? .any : .kinds(Set(kinds))
    }
}
