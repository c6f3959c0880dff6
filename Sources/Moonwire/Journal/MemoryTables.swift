/// What a journal in memory holds.
struct MemoryTables: Sendable {
    struct EventRow: Sendable {
        let key: String?
        let at: Instant
        let channel: ChannelID
        /// `nil` once retention has taken it; the key stays.
        var admitted: AdmittedEvent?
        var isPending = true
        var end: EventEnd?
    }

    struct RunRow: Sendable {
        let record: RunRecord
        var end: RunEnd?
        var steps: [Int: StepRow] = [:]
    }

    struct StepRow: Sendable {
        let record: StepRecord
        var isWait = false
        var outcome: StepOutcome?
        var nativeID: String?
    }

    struct VersionRow: Sendable {
        let sources: ScriptSources
        let order: Int
        var installedAt: Instant
        var unusedSince: Instant?
        var retirement: Retirement?
    }

    struct StoreKey: Hashable, Sendable {
        let scope: String
        let key: String
    }

    var cursors: [ChannelID: [String: [UInt8]]] = [:]
    var events: [EventID: EventRow] = [:]
    var keys: [ChannelID: [String: EventID]] = [:]
    var runs: [RunID: RunRow] = [:]
    var versions: [String: VersionRow] = [:]
    var pins: [String: VersionPin] = [:]
    var pauses: [SessionID: SessionPause] = [:]
    var dead: [DeadLetter] = []
    private var consent = MemoryConsent()
    var cells: [StoreKey: StoreCell] = [:]
    var allowances: [StoreKey: Allowance] = [:]
    var jobs = MemoryJobs()
    private var lastEvent: Int64 = 0
    private var recordedVersions = 0

    mutating func write(_ entry: JournalEntry) -> JournalEntryResult {
        switch entry {
        case .admit(let event, let body, let at): return admit(event, body, at)
        case .admitPause(let event, let body, let at, let pause):
            let result = admit(event, body, at)
            if case .admitted = result { pauses[event.sessionID] = pause }
            return result
        case .cursor(let channel, let cursor): cursors[channel, default: [:]][cursor.key] = cursor.value
        case .startRun(let record):
            if runs[record.id] == nil { runs[record.id] = RunRow(record: record) }
        case .intent(let step):
            if runs[step.run]?.steps[step.number] == nil { runs[step.run]?.steps[step.number] = StepRow(record: step) }
        case .wait(let step, _):
            guard runs[step.run]?.steps[step.number] == nil else { break }
            runs[step.run]?.steps[step.number] = StepRow(record: step, isWait: true)
        case .outcome(let record): settle(record)
        case .store(let step, let operation): return perform(operation, step)
        case .keep(let operation, let at):
            switch perform(operation, at: at) {
            case .success(let value): return .stored(value)
            case .failure(let failure): return .refused(failure)
            }
        case .finishRun(let run, let end):
            if runs[run]?.end == nil { runs[run]?.end = end }
        case .finishEvent(let event, let end):
            events[event]?.isPending = false
            events[event]?.end = end
        case .deadLetter(let letter): dead.append(letter)
        case .version(let sources, let at): keep(sources, at)
        case .retire(let version, let retirement): versions[version]?.retirement = retirement
        case .pin(let script, let disk, let version):
            pins[script] = version.map { VersionPin(disk: disk, version: $0) }
        case .job(let entry): jobs.write(entry)
        case .pause(let session, let pause): pauses[session] = pause
        case .broadcast(let entry): return perform(entry)
        }
        return .done
    }

    /// Opt-outs hold here too; what fills the memory with an audience is not for a journal that forgets it.
    private mutating func perform(_ entry: LedgerEntry) -> JournalEntryResult {
        if let step = entry.step, let outcome = runs[step.run]?.steps[step.number]?.outcome {
            return Self.result(outcome)
        }
        let result: StepOutcome.Result
        switch entry.operation {
        case .optOut(let addresses, let topic): result = .value(RawJSON(flag: consent.optOut(addresses, topic)))
        case .optIn(let addresses, let topic): result = .value(RawJSON(flag: consent.optIn(addresses, topic)))
        case .isOptedOut(let addresses, let topic):
            result = .value(RawJSON(flag: consent.isOptedOut(addresses, topic)))
        // Only audiences need it.
        case .know: result = .value(.null)
        case .status: result = .value(.null)
        default:
            result = .failure(
                EffectFailure(
                    code: "unsupported",
                    message: "broadcasts need a journal on the disk; run the script with moonwire run"))
        }
        let outcome = StepOutcome(result: result, at: entry.at)
        if let step = entry.step { runs[step.run]?.steps[step.number] = StepRow(record: step, outcome: outcome) }
        return Self.result(outcome)
    }

    private mutating func admit(_ event: Event, _ body: EventBody, _ at: Instant) -> JournalEntryResult {
        if let key = event.key, keys[event.channel]?[key] != nil { return .duplicate }
        lastEvent += 1
        let id = EventID(rawValue: lastEvent)
        if let key = event.key { keys[event.channel, default: [:]][key] = id }
        events[id] = EventRow(
            key: event.key, at: at, channel: event.channel,
            admitted: AdmittedEvent(id: id, event: event, body: body, admittedAt: at))
        return .admitted(id)
    }

    /// The newest version of a script keeps its date when it is recorded again.
    private mutating func keep(_ sources: ScriptSources, _ at: Instant) {
        let newest = versions.values.filter { $0.sources.script == sources.script }.max { $0.order < $1.order }
        if newest?.sources.version == sources.version {
            versions[sources.version]?.retirement = nil
            return
        }
        recordedVersions += 1
        versions[sources.version] = VersionRow(sources: sources, order: recordedVersions, installedAt: at)
    }

    private mutating func settle(_ record: OutcomeRecord) {
        guard let step = runs[record.run]?.steps[record.number], step.outcome == nil else { return }
        runs[record.run]?.steps[record.number]?.outcome = record.outcome
        runs[record.run]?.steps[record.number]?.nativeID = record.nativeID
    }

    private mutating func perform(
        _ operation: HostEffect.StoreOperation, _ step: StepRecord
    ) -> JournalEntryResult {
        if let outcome = runs[step.run]?.steps[step.number]?.outcome { return Self.result(outcome) }
        let answer = perform(operation, at: step.at)
        let result: StepOutcome.Result
        switch answer {
        case .success(let value): result = .value(value)
        case .failure(let failure): result = .failure(failure)
        }
        let outcome = StepOutcome(result: result, at: step.at)
        runs[step.run]?.steps[step.number] = StepRow(record: step, outcome: outcome)
        return Self.result(outcome)
    }

    private static func result(_ outcome: StepOutcome) -> JournalEntryResult {
        switch outcome.result {
        case .value(let value): .stored(value)
        case .failure(let failure): .refused(failure)
        default: .stored(.null)
        }
    }
}

extension MemoryTables {
    private mutating func perform(
        _ operation: HostEffect.StoreOperation, at now: Instant
    ) -> Result<RawJSON, EffectFailure> {
        let (name, key) = (StoreKey(scope: operation.scope, key: operation.key), operation.key)
        let cell = cells[name].flatMap { $0.isAlive(at: now) ? $0 : nil }
        switch operation.command {
        case .get: return .success(cell?.value ?? .null)
        case .set(let value, let ttl): return apply(.set(value, ttl: ttl, key: key, at: now), to: name)
        case .increment(let amount, let ttl):
            return apply(.increment(cell, by: amount, ttl: ttl, key: key, at: now), to: name)
        case .compareAndSet(let expected, let new, let ttl):
            return apply(.compareAndSet(cell, expected: expected, new: new, ttl: ttl, key: key, at: now), to: name)
        case .keys(let limit, let last):
            if let refusal = StoreVerdict.refusal(ofKeysLimit: limit) { return .failure(refusal) }
            let found = cells.filter { candidate in
                candidate.key.scope == name.scope && candidate.value.isAlive(at: now)
                    && candidate.key.key.utf8.starts(with: key.utf8)
            }
            let sorted = found.map(\.key.key).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let rest = last.map { last in sorted.drop { !last.utf8.lexicographicallyPrecedes($0.utf8) } } ?? sorted[...]
            return .success(StoreVerdict.list(Array(rest.prefix(limit))))
        case .limit(let count, let period):
            switch Allowance.full(count: count, period: period, at: now) {
            case .failure(let refusal): return .failure(refusal)
            case .success(var allowance):
                if let old = allowances[name] { allowance.resume(from: old) }
                defer { allowances[name] = allowance }
                return .success(allowance.take(at: now))
            }
        }
    }

    private mutating func apply(_ verdict: StoreVerdict, to name: StoreKey) -> Result<RawJSON, EffectFailure> {
        switch verdict.change {
        case .none: break
        case .write(let cell): cells[name] = cell
        case .remove: cells[name] = nil
        }
        return verdict.answer
    }
}
