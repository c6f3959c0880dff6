import LuaRuntime
import Moonwire

extension APIFunctions {
    static let asking: [String: Implementation] = [
        "session:ask": { call in
            let run = try call.runOfReceiver()
            _ = try call.isSupported("reply", on: run.context.channel)
            let options = call.options(1)
            let rule = try call.answerRule(options)
            if let reason = run.dialogs.reason(at: run.at) { return .values([.nil, .text(reason)]) }
            let prompt = call.text(0)
            run.question = Question(
                rule: rule, hint: options.text("hint"), retries: options.integer("retries"),
                timeout: options.duration("timeout"), check: options.function("check"), location: call.location)
            var arguments = CanonicalArguments()
            arguments.add("text", prompt)
            arguments.add("choices", rule.choices)
            let reply = ChannelEffect.Reply(text: prompt, quickReplies: rule.choices)
            return call.suspend(.channel(.reply(reply)), arguments, session: run.session?.id, .nothing, in: run)
        }
    ]
}

extension APICall {
    /// Options that only answers of one kind have.
    private static let kinds: [(option: String, kind: AnswerRule.Kind)] = [
        ("choices", .choice), ("min", .number), ("max", .number), ("integer", .number), ("country", .phone),
        ("order", .date), ("earliest", .date), ("latest", .date),
    ]

    fileprivate func answerRule(_ options: APIOptions) throws -> AnswerRule {
        let choices = options.has("choices") ? try quickReplies(options.value("choices"), option: "choices") : []
        let word = options.text("as") ?? (choices.isEmpty ? "text" : "choice")
        guard let kind = AnswerRule.Kind(rawValue: word) else { throw complaint("option 'as' is unknown") }
        if kind == .choice, choices.isEmpty { throw complaint("as = \"choice\" needs option 'choices'") }
        for other in Self.kinds where other.kind != kind && options.has(other.option) {
            throw complaint("option '\(other.option)' goes with as = \"\(other.kind.rawValue)\" only")
        }
        var rule = AnswerRule(kind: kind, choices: choices)
        if let pattern = options.text("pattern") { rule.pattern = try linearPattern(pattern) }
        rule.number = try numberRule(options)
        rule.country = try country(options)
        rule.date = try dateRule(options)
        return rule
    }

    private func numberRule(_ options: APIOptions) throws -> NumberRule {
        let rule = NumberRule(
            minimum: options.value("min").number, maximum: options.value("max").number, isWhole: options.flag("integer")
        )
        if let minimum = rule.minimum, let maximum = rule.maximum, minimum > maximum {
            throw complaint("option 'min' is greater than option 'max'")
        }
        return rule
    }

    func country(_ options: APIOptions) throws -> CallingCode? {
        guard let name = options.text("country") else { return nil }
        guard let country = CallingCodes.byCountry[name.uppercased()] else {
            throw complaint("option 'country' must be an ISO 3166 code of two letters, such as \"SA\", got \"\(name)\"")
        }
        return country
    }

    private func dateRule(_ options: APIOptions) throws -> DateRule {
        var rule = DateRule()
        if let order = options.text("order").flatMap(DateText.Order.init(rawValue:)) { rule.order = order }
        rule.earliest = try bound(options, "earliest")
        rule.latest = try bound(options, "latest")
        if case .date(let earliest)? = rule.earliest, case .date(let latest)? = rule.latest, earliest > latest {
            throw complaint("option 'earliest' is later than option 'latest'")
        }
        return rule
    }

    private func bound(_ options: APIOptions, _ name: String) throws -> DateRule.Bound? {
        guard let text = options.text(name) else { return nil }
        guard let bound = DateRule.Bound(text) else {
            throw complaint("option '\(name)' must be \"today\" or a date such as \"2026-12-31\", got \"\(text)\"")
        }
        return bound
    }
}
