import LuaRuntime
import Moonwire

extension APICall {
    /// The filter that a table of options describes. Options that the function does not have count as left out.
    func eventFilter(_ options: APIOptions, event: String) throws -> EventFilter {
        var filter = EventFilter(events: [event])
        filter.channels = Set(options.texts("channel"))
        filter.platforms = Set(options.texts("platform"))
        filter.roles = Set(options.texts("role").compactMap(Role.init(rawValue:)))
        filter.from = Self.speakers(options.texts("from"))
        if !EventName.isSpeech(event), !options.has("from") { filter.from = .any }
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

    func linearPattern(_ source: String) throws -> LinearPattern {
        do {
            return try LinearPattern(source)
        } catch {
            throw complaint("pattern \"\(source)\": \(error.description)")
        }
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
