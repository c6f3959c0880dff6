import LuaRuntime
import Moonwire

extension LuaScript {
    func accepts(_ handler: Int, _ event: AdmittedEvent, now: Instant) throws(ScriptFailure) -> Bool {
        guard registrations.functions.indices.contains(handler),
            let filter = registrations.functions[handler].filter
        else { return true }
        state.setDefaults(seed: UInt64(bitPattern: event.id.rawValue), now: now.wholeSeconds)
        let before = phase
        phase = .filtering(EventContext(event, at: now))
        defer { phase = before }
        let session = SessionObjects(event, handle: 0, script: self)
        do {
            let results = try filter.call(
                [
                    eventObject(event.body, session: session, channel: event.event.channel),
                    session.map { .object($0.session) } ?? .nil,
                ],
                purpose: "the 'where' function of a filter")
            switch results.first {
            case nil, .nil?, .boolean(false)?: return false
            default: return true
            }
        } catch {
            throw ScriptFailure(error)
        }
    }

    func start(_ start: RunStart) -> RunProgress {
        guard handlers.indices.contains(start.handler) else {
            return .failed(ScriptFailure(kind: .killed, message: "the script has no handler \(start.handler)"))
        }
        let session = SessionObjects(start.event, handle: start.run.rawValue, script: self)
        let run = ScriptRun(start, session: session)
        run.panel = registrations.functions[start.handler].panel
        runs[run.id] = run
        let event = eventObject(run.context.body, session: session, channel: run.context.channel)
        let arguments = handlerArguments(start, event, run)
        let function = registrations.functions[start.handler].function
        guard let chain = registrations.chain else { return launch(function, arguments, run, seed: start.seed) }
        return launch(chain, [.function(function), event] + arguments, run, seed: start.seed)
    }

    private func handlerArguments(_ start: RunStart, _ event: LuaArgument, _ run: ScriptRun) -> [LuaArgument] {
        if handlers[start.handler].job != nil { return [tickObject(start.event)] }
        if handlers[start.handler].webhook != nil { return [requestObject(start.event)] }
        if run.panel != nil { return panelArguments(run) }
        let session: LuaArgument = run.session.map { .object($0.session) } ?? .nil
        guard case .command = handlers[start.handler].trigger else { return [event, session] }
        let rest = FoldedText(start.event.event.message?.text ?? "").command?.rest ?? ""
        let words = rest.split(whereSeparator: \.isWhitespace).map { LuaValue.text(String($0)) }
        var content = LuaObjectContent()
        content.overrides = [
            ("text", .value(.text(rest))), ("words", .value(.list(words.map { .value($0) }))),
        ]
        let args = classes["args"].map { LuaArgument.new($0, content) } ?? .nil
        return [session, args, event]
    }

    private func launch(_ function: LuaFunction, _ arguments: [LuaArgument], _ run: ScriptRun, seed: UInt64)
        -> RunProgress
    {
        do {
            let coroutine = try state.makeCoroutine(function, seed: seed, now: run.at.wholeSeconds)
            run.coroutine = coroutine
            return inside(run) { progress(run, coroutine.start(arguments)) }
        } catch {
            return fail(run, error)
        }
    }

    func resume(_ id: RunID, with outcome: StepOutcome) -> RunProgress {
        guard let run = runs[id], let coroutine = run.coroutine else {
            return .failed(ScriptFailure(kind: .killed, message: "run \(id) is not known to the script"))
        }
        run.at = outcome.at
        coroutine.now = outcome.at.wholeSeconds
        let result = took(outcome, run)
        if let session = outcome.session { take(session, run) }
        return inside(run) {
            if run.isPublishing { return finishPublishing(run, result) }
            if let question = run.question { return go(on: question, with: result, run, coroutine) }
            if let race = run.race { return finish(race, with: result, run, coroutine) }
            let step =
                switch result {
                case .value(let value): coroutine.resume(with: results(of: value, run.reader, run))
                case .none("timeout") where run.reader == .sleep: coroutine.resume(with: [.value(.boolean(true))])
                case .none(let reason): coroutine.resume(with: [.nil, .text(reason)])
                case .event(let event):
                    coroutine.resume(with: [
                        eventObject(event.body, session: run.session, channel: run.context.channel)
                    ])
                case .failure(let failure):
                    coroutine.resume(raising: LuaErrorObject(failure, at: run.reader.location))
                }
            return progress(run, step)
        }
    }

    func handleFailure(of id: RunID, _ failure: ScriptFailure, at: Instant) -> RunProgress? {
        guard let run = runs[id], let handler = registrations.errorHandler else { return nil }
        if failure.kind == .memory {
            run.coroutine = nil
            state.collectGarbage()
        }
        run.at = at
        run.question = nil
        run.race = nil
        run.panel = nil
        run.dialogs = DialogStack()
        let arguments = [
            errorObject(failure, run.failure),
            eventObject(run.context.body, session: run.session, channel: run.context.channel),
            run.session.map { .object($0.session) } ?? .nil,
        ]
        // Other numbers than the handler's own, and the same ones in a replay.
        return launch(handler, arguments, run, seed: ~UInt64(bitPattern: id.rawValue))
    }

    func drop(_ id: RunID) {
        runs[id] = nil
    }

    func progress(_ run: ScriptRun, _ step: LuaCoroutine.Step) -> RunProgress {
        switch step {
        case .suspended:
            guard let request = run.request else {
                return fail(run, LuaError(.runtime, message: "the script suspended without a request"))
            }
            run.request = nil
            return suspended(request, run)
        case .finished(let results):
            if let panel = run.panel { return publish(panel, results, run) }
            runs[run.id] = nil
            return .finished(stops: results.first?.object?.className == "bot.stop")
        case .failed(let error):
            // The handler ended well; what it returned cannot be copied, and nobody wants it.
            if error.code == .conversion, run.panel == nil, run.coroutine?.status == .finished {
                runs[run.id] = nil
                return .finished(stops: false)
            }
            return fail(run, error)
        }
    }

    /// Ends the dialogs that an outcome ends. Gives the result as the script learns it.
    private func took(_ outcome: StepOutcome, _ run: ScriptRun) -> StepOutcome.Result {
        guard case .none(let recorded) = outcome.result else { return outcome.result }
        let reason = WaitReason(recorded)
        run.dialogs.end(because: reason.word, word: reason.cancelWord, at: outcome.at)
        return .none(reason: reason.word)
    }

    /// Every suspension is one step.
    func suspended(_ request: StepRequest, _ run: ScriptRun) -> RunProgress {
        run.steps += 1
        return .suspended(request)
    }

    /// Enters a run. While it only repeats what the journal has recorded, its lines are kept from the log.
    private func inside(_ run: ScriptRun, _ body: () -> RunProgress) -> RunProgress {
        let before = phase
        phase = .running(run)
        voice.isMuted = run.isRepeating
        defer {
            phase = before
            voice.isMuted = false
        }
        return body()
    }

    /// The run stays known until the engine drops it or its error handler ends.
    func fail(_ run: ScriptRun, _ error: LuaError) -> RunProgress {
        run.failure = error
        return .failed(ScriptFailure(error))
    }

    /// What `bot.on_error` is given: always an object, also for errors raised as text.
    private func errorObject(_ failure: ScriptFailure, _ error: LuaError?) -> LuaArgument {
        guard let errorClass = classes["error"] else { return .text(failure.message) }
        let raised = error?.value.table
        var content = LuaObjectContent(label: failure.message)
        let code = raised?["code"].text ?? (failure.kind == .runtime ? "error" : failure.kind.rawValue)
        content.overrides = [
            ("code", .value(.text(code))), ("message", .value(.text(failure.message))),
            ("retryable", .value(.value(.boolean(error?.retryable ?? false)))),
            ("traceback", .value(.text(failure.traceback))),
        ]
        if let status = raised?["status"], !status.isNil {
            content.overrides.append(("status", .value(.value(status))))
        }
        if let place = raised?["where"].text ?? error?.position {
            content.overrides.append(("where", .value(.text(place))))
        }
        return .new(errorClass, content)
    }
}

extension LuaErrorObject {
    /// - Parameter location: where, if that is not the line of the call.
    init(_ failure: EffectFailure, at location: String? = nil) {
        self.init(
            code: failure.code, message: failure.message, retryable: failure.retryable, status: failure.status,
            where: location)
    }
}
