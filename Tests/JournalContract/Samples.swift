public import Moonwire

/// Entries of a made-up channel, so that a check reads as what it checks.
public enum Samples {
    public static let channel = ChannelID("shop")
    public static let start = Instant(milliseconds: 1_700_000_000_000)

    public static func session(_ id: String = "118") -> SessionID { SessionID(channel: channel, id: id) }

    public static func snapshot(_ id: String = "118") -> Session {
        Session(
            id: session(id), status: "open", owner: .bot,
            client: Client(id: "17", name: "Jäne \"J\" Doe", email: "jane@example.org"),
            operator: Operator(id: "3", name: "Omar"), labels: ["vip"],
            attrs: RawJSON(validated: Array(#"{"plan":"gold"}"#.utf8)))
    }

    public static func event(_ number: Int, key: String? = nil, session: String = "118") -> Event {
        Event(
            name: "message.created", native: "message_created", key: key ?? "message.created:\(number)",
            id: "\(number)", at: start, channel: channel, platform: .chatwoot, role: .client, from: .client,
            session: snapshot(session),
            message: Message(id: "\(number)", text: "hello\n\(number)", at: start, from: .client),
            raw: RawJSON(validated: Array(#"{"id":\#(number)}"#.utf8)))
    }

    /// Typing: nothing to dedupe by.
    public static func ephemeral() -> Event {
        Event(
            name: "client.typing", native: "conversation.typing_on", key: nil, id: "", at: start, channel: channel,
            platform: .chatwoot, role: .client, from: .client, session: snapshot())
    }

    public static func admit(_ number: Int, at: Instant = start, session: String = "118") -> JournalEntry {
        let event = event(number, session: session)
        return .admit(event: event, body: EventBody(event), at: at)
    }

    public static func run(
        _ id: Int64, event: EventID, handler: String = "greet", version: String = "v1", session: String = "118"
    ) -> RunRecord {
        RunRecord(
            id: RunID(rawValue: id), event: event, session: self.session(session), script: "shop", version: version,
            handler: handler, startedAt: start)
    }

    public static func step(
        _ run: Int64, _ number: Int, at: Instant = start, session: String? = "118", deadline: Instant? = nil
    ) -> StepRecord {
        StepRecord(
            run: RunID(rawValue: run), number: number, kind: "session:reply", session: session.map { self.session($0) },
            digest: .max - UInt64(number), arguments: RawJSON(validated: Array(#"{"text":"hi"}"#.utf8)),
            location: "main.lua:\(number)", at: at, deadline: deadline)
    }

    public static func outcome(
        _ run: Int64, _ number: Int, _ result: StepOutcome.Result = .value(.null), nativeID: String? = nil,
        session: Session? = nil, endsWait: Bool = false
    ) -> JournalEntry {
        .outcome(
            OutcomeRecord(
                run: RunID(rawValue: run), number: number,
                outcome: StepOutcome(result: result, at: start + .seconds(number), session: session),
                nativeID: nativeID, endsWait: endsWait))
    }

    public static func finish(
        _ run: Int64, _ state: RunEnd.State = .done, stops: Bool = false, at: Instant = start
    ) -> JournalEntry {
        .finishRun(RunID(rawValue: run), RunEnd(state: state, stops: stops, at: at))
    }

    public static func version(_ version: String, script: String = "shop", at: Instant = start) -> JournalEntry {
        .version(ScriptSources(version: version, script: script, files: [:], entry: "main.lua"), at: at)
    }

    public static func json(_ text: String) -> RawJSON { RawJSON(validated: Array(text.utf8)) }
}

extension Journal {
    /// Appends and waits for the commit.
    @discardableResult
    public func commit(_ entries: JournalEntry..., mayFail: Bool = true) async throws -> [JournalEntryResult] {
        try await commit(entries, mayFail: mayFail)
    }

    @discardableResult
    public func commit(_ entries: [JournalEntry], mayFail: Bool = true) async throws -> [JournalEntryResult] {
        try await withCheckedThrowingContinuation { continuation in
            append(
                JournalBatch(entries: entries, mayFail: mayFail) { result in
                    continuation.resume(with: result.mapError { $0 as any Error })
                })
        }
    }

    /// Admits a new event and gives its id.
    public func admitted(_ number: Int, at: Instant = Samples.start) async throws -> EventID {
        guard case .admitted(let id)? = try await commit(Samples.admit(number, at: at)).first else {
            throw UnexpectedResult(number: number)
        }
        return id
    }

    /// Performs a store operation as a step of its own.
    public func store(
        _ key: String, _ command: HostEffect.StoreOperation.Command, scope: String = "bot:shop", run: Int64 = 1,
        step: Int, at: Instant = Samples.start
    ) async throws -> Result<String, EffectFailure> {
        let operation = HostEffect.StoreOperation(scope: scope, key: key, command: command)
        let results = try await commit(.store(Samples.step(run, step, at: at, session: nil), operation))
        switch results.first {
        case .stored(let value)?: return .success(value.text)
        case .refused(let failure)?: return .failure(failure)
        default: throw UnexpectedResult(number: step)
        }
    }
}

extension Journal {
    /// Compares and sets the key `a`.
    func exchange(_ expected: String?, _ new: String?, step: Int) async throws -> String {
        let command = HostEffect.StoreOperation.Command.compareAndSet(
            expected: expected.map(Samples.json), new: new.map(Samples.json), ttl: nil)
        return try await store("a", command, step: step).get()
    }
}

/// A journal answered with another kind of result than the entry calls for.
struct UnexpectedResult: Error {
    let number: Int
}
