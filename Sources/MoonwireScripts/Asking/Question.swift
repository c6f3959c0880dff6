import LuaRuntime
import Moonwire

/// A `session:ask` under way: prompt, wait, and again until an answer fits.
struct Question {
    let rule: AnswerRule
    let hint: String?
    var retries: Int
    let timeout: Duration?
    let check: LuaFunction?
    let location: String
    /// Whether the prompt or a hint is being sent; otherwise the run waits for the answer.
    var isSpeaking = true

    /// The wait for the answer: the peer's next message, or a press of its buttons.
    func wait(session: SessionID?, dialog: DialogTerms?) -> StepRequest {
        var created = EventFilter(events: ["message.created"])
        created.maxAge = nil
        var updated = EventFilter(events: ["message.updated"])
        updated.maxAge = nil
        updated.wantsSubmittedValues = true
        var arguments = CanonicalArguments()
        if let timeout { arguments.add("timeout_ms", timeout.milliseconds) }
        return StepRequest(
            kind: "session:ask (answer)",
            action: .wait(Wait(events: [created, updated], timeout: timeout, dialog: dialog)), session: session,
            arguments: arguments.json, location: location)
    }

    /// Says again what is wanted.
    func hint(_ text: String, session: SessionID?) -> StepRequest {
        var arguments = CanonicalArguments()
        arguments.add("text", text)
        var reply = ChannelEffect.Reply(text: text)
        reply.quickReplies = rule.choices
        return StepRequest(
            kind: "session:ask (hint)", action: .channel(.reply(reply)), session: session, arguments: arguments.json,
            location: location)
    }
}

extension LuaScript {
    /// Takes a question one step on. Lua is entered only when it has an end.
    func go(
        on question: Question, with result: StepOutcome.Result, _ run: ScriptRun, _ coroutine: LuaCoroutine
    ) -> RunProgress {
        switch result {
        case .value:
            var question = question
            question.isSpeaking = false
            run.question = question
            return suspended(question.wait(session: run.session?.id, dialog: run.dialogs.terms), run)
        case .none(let reason):
            run.question = nil
            return progress(run, coroutine.resume(with: [.nil, .text(reason)]))
        case .failure(let failure):
            run.question = nil
            return progress(run, coroutine.resume(raising: LuaErrorObject(failure)))
        case .event(let event): return answer(question, event, run, coroutine)
        }
    }

    private func answer(
        _ question: Question, _ event: AdmittedEvent, _ run: ScriptRun, _ coroutine: LuaCoroutine
    ) -> RunProgress {
        let message = event.event.message
        let fields = event.body.message?.bytes
        let reading = message.map { question.rule.read(Answer($0), today: today(run)) } ?? .refused
        var hint = question.hint ?? question.rule.defaultHint(today: today(run))
        if case .accepted(let value) = reading {
            let arguments: [LuaArgument] = [
                .value(LuaValue(value)), .new(classes.message, LuaObjectContent(fields: fields)),
            ]
            do {
                if let refusal = try check(question, arguments, run) {
                    hint = refusal.hint ?? hint
                } else {
                    run.question = nil
                    return progress(run, coroutine.resume(with: arguments))
                }
            } catch {
                run.question = nil
                return raise(error, run, coroutine)
            }
        }
        guard question.retries > 0 else {
            run.question = nil
            return progress(run, coroutine.resume(with: [.nil, .text("retries")]))
        }
        var again = question
        again.retries -= 1
        again.isSpeaking = true
        run.question = again
        return suspended(again.hint(hint, session: run.session?.id), run)
    }

    /// The day of the run's present instant where the host is.
    private func today(_ run: ScriptRun) -> CalendarDate {
        let zone = state.configuration.timeZone(run.at.wholeSeconds)
        return CalendarDate(at: run.at, secondsEast: zone.secondsEast)
    }

    private struct Refusal {
        let hint: String?
    }

    /// Asks the script's own `check`. Nil accepts.
    private func check(_ question: Question, _ arguments: [LuaArgument], _ run: ScriptRun) throws(LuaError) -> Refusal?
    {
        guard let check = question.check else { return nil }
        state.setDefaults(seed: UInt64(bitPattern: run.id.rawValue), now: run.at.wholeSeconds)
        let before = phase
        phase = .filtering(run.context)
        defer { phase = before }
        let results = try check.call(arguments, purpose: "the 'check' function of session:ask")
        switch results.first {
        case nil, .nil?, .boolean(false)?: return Refusal(hint: results.dropFirst().first?.text)
        default: return nil
        }
    }

    /// A failed `check` fails the `ask`; what Lua may not catch ends the run.
    private func raise(_ error: LuaError, _ run: ScriptRun, _ coroutine: LuaCoroutine) -> RunProgress {
        guard error.code == .runtime else { return fail(run, error) }
        let object = LuaErrorObject(code: "check", message: "the 'check' function failed: \(error.description)")
        return progress(run, coroutine.resume(raising: object))
    }
}
