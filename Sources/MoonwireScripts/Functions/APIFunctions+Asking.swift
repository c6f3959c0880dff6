import LuaRuntime
import Moonwire

extension APIFunctions {
    static let asking: [String: Implementation] = [
        "session:ask": { call in
            let run = try call.runOfReceiver()
            _ = try call.isSupported("reply", in: run)
            let options = call.options(1)
            let rule = try call.answerRule(options)
            let prompt = call.text(0)
            run.question = Question(
                rule: rule, hint: options.text("hint"), retries: options.integer("retries"),
                timeout: options.duration("timeout"), check: options.function("check"), location: call.location)
            var arguments = CanonicalArguments()
            arguments.add("text", prompt)
            arguments.add("choices", rule.choices)
            let reply = ChannelEffect.Reply(text: prompt, quickReplies: rule.choices)
            return call.suspend(.channel(.reply(reply)), arguments, session: run.session?.id, .nothing, in: run)
        },
        "session:wait_for": { call in
            let run = try call.runOfReceiver()
            let event = call.text(0)
            let timeout = call.options(1).duration("timeout")
            var filter = EventFilter(events: [event])
            filter.maxAge = nil
            if !EventName.isSpeech(event) { filter.from = .any }
            var arguments = CanonicalArguments()
            arguments.add("event", event)
            arguments.add("timeout_ms", timeout?.milliseconds)
            let wait = Wait(events: [filter], timeout: timeout)
            return call.suspend(.wait(wait), arguments, session: run.session?.id, .nothing, in: run)
        },
    ]
}

extension APICall {
    fileprivate func answerRule(_ options: APIOptions) throws -> AnswerRule {
        let choices = options.has("choices") ? try quickReplies(options.value("choices"), option: "choices") : []
        let word = options.text("as") ?? (choices.isEmpty ? "text" : "choice")
        guard let kind = AnswerRule.Kind(rawValue: word) else { throw complaint("option 'as' is unknown") }
        if kind == .choice, choices.isEmpty { throw complaint("as = \"choice\" needs option 'choices'") }
        if kind != .choice, !choices.isEmpty { throw complaint("option 'choices' goes with as = \"choice\" only") }
        var rule = AnswerRule(kind: kind, choices: choices)
        if let pattern = options.text("pattern") { rule.pattern = try linearPattern(pattern) }
        return rule
    }

    func linearPattern(_ source: String) throws -> LinearPattern {
        do {
            return try LinearPattern(source)
        } catch {
            throw complaint("pattern \"\(source)\": \(error.description)")
        }
    }
}
