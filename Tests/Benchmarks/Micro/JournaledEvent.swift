import Moonwire

/// One event and its run as the journal sees them. All events are the same but for their keys and runs, so that making
/// them costs next to nothing.
struct JournaledEvent {
    let number: Int64

    private static let at = Instant(milliseconds: 1_767_225_600_000)
    private static let session = SessionID(channel: "bench", id: "1000")
    private static let arguments = RawJSON(validated: Array(#"{"text":"pong 1"}"#.utf8))
    private static let cursor = Cursor(
        key: "stream", value: Array(#"{"heard":1767225600000,"first":1767225600000}"#.utf8))

    private static let template = Event(
        name: "message.created", native: "message.created", key: nil, id: "1000000", at: at, channel: session.channel,
        platform: .bevatel, role: .operator, from: .client,
        session: Session(
            id: session, status: "open", owner: .bot,
            client: Client(
                id: "512", name: "Sara", phone: "+966500000001", email: "sara@example.org", identifier: "user-42",
                attrs: RawJSON(validated: Array(#"{"tier":"gold"}"#.utf8)))),
        message: Message(id: "1000000", text: "ping 1", at: at, from: .client),
        raw: RawJSON(validated: SampleFrame.message))
    private static let body = EventBody(template)
    private static let reply = EventBody.encode(Message(id: "1000001", text: "pong 1", at: at, from: .bot))

    static var bodyByteCount: Int { body.journalBytes.count }

    private var run: RunID { RunID(rawValue: number) }

    var admission: [JournalEntry] {
        var event = Self.template
        event.key = "message.created:\(number)"
        return [
            .admit(event: event, body: Self.body, at: Self.at),
            .cursor(channel: Self.session.channel, cursor: Self.cursor),
        ]
    }

    func beginning(_ id: EventID) -> [JournalEntry] {
        let run = RunRecord(
            id: run, event: id, session: Self.session, script: "pong", version: "0123456789abcdef",
            handler: "message.created#1", startedAt: Self.at)
        let step = StepRecord(
            run: run.id, number: 1, kind: "session:reply", session: Self.session, digest: UInt64(number),
            arguments: Self.arguments, location: "pong.lua:2", at: Self.at)
        return [.startRun(run), .intent(step)]
    }

    func ending(_ id: EventID) -> [JournalEntry] {
        let outcome = OutcomeRecord(
            run: run, number: 1, outcome: StepOutcome(result: .value(Self.reply), at: Self.at), nativeID: "1000001")
        return [
            .outcome(outcome), .finishRun(run, RunEnd(state: .done, at: Self.at)), .finishEvent(id, .handled),
        ]
    }
}
