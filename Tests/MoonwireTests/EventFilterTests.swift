import EventJSON
import Moonwire
import Testing

struct EventFilterTests {
    private func message(
        _ text: String = "hello", from: Speaker = .client, role: Role = .operator, owner: Owner = .queue,
        late: Int? = nil, labels: [String] = []
    ) -> Event {
        let session = Session(
            id: SessionID(channel: "desk", id: "1"), status: "open", owner: owner,
            client: Client(id: "7", language: "ar"),
            labels: labels)
        return Event(
            name: "message.created", native: "message.created", key: "k", id: "1", at: Instant(seconds: 1000),
            channel: "desk", platform: .bevatel, role: role, from: from, session: session,
            message: Message(id: "1", text: text, at: Instant(seconds: 1000), from: from), late: late)
    }

    private func filter(_ change: (inout EventFilter) -> Void = { _ in }) -> EventFilter {
        var filter = EventFilter(events: ["message.created"])
        change(&filter)
        return filter
    }

    private func passes(_ filter: EventFilter, _ event: Event, now: Double? = 1000) -> Bool {
        filter.matches(
            event, text: FoldedText(event.message?.text ?? ""), now: now.map { Instant(seconds: $0) })
    }

    @Test(arguments: [
        (Role.operator, Speaker.client, true), (.operator, .operator, false), (.operator, .bot, false),
        (.operator, .own, false), (.client, .operator, true), (.client, .bot, true), (.client, .own, false),
        (.client, .client, false),
    ])
    func thePeerIsTheOtherSide(role: Role, speaker: Speaker, expected: Bool) {
        #expect(passes(filter(), message(from: speaker, role: role)) == expected)
    }

    @Test func aHumanInChargeSilencesAnOperatorBotUnlessItAsksForThat() {
        #expect(!passes(filter(), message(owner: .operator)))
        #expect(passes(filter { $0.anyOwner = true }, message(owner: .operator)))
        #expect(passes(filter { $0.owners = [.operator] }, message(owner: .operator)))
        #expect(passes(filter(), message(from: .operator, role: .client, owner: .operator)))
    }

    @Test func anOldBackFilledEventIsSkippedByHandlersAndTakenByWaits() {
        let event = message(late: 7200)
        #expect(!passes(filter(), event, now: 1000 + 7200))
        #expect(passes(filter(), event, now: nil))
        #expect(passes(filter { $0.maxAge = .seconds(10_000) }, event, now: 1000 + 7200))
        #expect(passes(filter(), message(), now: 1000 + 7200), "a live event has no age")
    }

    @Test func keysAreAllNeededAndOneOfAListIsEnough() {
        let words = filter {
            $0.words = ["order", "refund"]
            $0.labels = ["vip"]
        }
        #expect(passes(words, message("my ORDER!", labels: ["vip", "x"])))
        #expect(!passes(words, message("my order")))
        #expect(!passes(words, message("hello", labels: ["vip"])))
    }

    @Test func languageTextAndPrefixAreCompared() {
        #expect(passes(filter { $0.languages = ["ar", "en"] }, message()))
        #expect(!passes(filter { $0.languages = ["ru"] }, message()))
        #expect(passes(filter { $0.texts = ["hello"] }, message("  hello ")))
        #expect(passes(filter { $0.prefixes = ["he"] }, message()))
        #expect(!passes(filter { $0.attachment = .present }, message()))
    }
}

struct EventBodyTests {
    @Test func anEventComesBackFromTheJournalAsItWentIn() throws {
        let client = Client(
            id: "7", name: "Aisha \"A\"", phone: "+966", email: "a@b.c", identifier: "u", language: "ar",
            tz: "Asia/Riyadh",
            attrs: RawJSON(validated: Array(#"{"tier":"gold"}"#.utf8)), isOnline: true)
        let session = Session(
            id: SessionID(channel: "desk", id: "118"), status: "open", owner: .operator, client: client,
            operator: Operator(id: "21", name: "Omar", email: "o@b.c"), group: "billing", labels: ["vip", "ب"])
        let event = Event(
            name: "message.created", native: "message.created", key: "message.created:1", id: "1",
            at: Instant(milliseconds: 1_777_709_123_411), channel: "desk", platform: .bevatel, role: .operator,
            from: .client, session: session,
            message: Message(
                id: "1", text: "line\nbreak \u{1F600}", at: Instant(milliseconds: 1_777_709_123_000), from: .client,
                attachments: [
                    Attachment(id: "3", kind: "image", url: "https://x/y", size: 12, latitude: 1.5, longitude: -2)
                ],
                quickReplies: [QuickReply(title: "Yes", value: "y")],
                submittedValues: RawJSON(validated: Array(#"[{"value":"y"}]"#.utf8)), replyTo: "0", isPrivate: true),
            late: 3, raw: RawJSON(validated: Array(#"{"event":"message.created"}"#.utf8)))
        let read = try Event(journalBytes: EventBody(event).journalBytes, key: event.key, parser: .init())
        #expect(read == event)
        #expect(try Session(journalBytes: session.journalBytes, parser: .init()) == session)
    }

    @Test func aBodyWithoutANameIsAnErrorNotATrap() {
        #expect(throws: EventBodyError.self) {
            try Event(journalBytes: Array(#"{"event":{}}"#.utf8), key: nil, parser: .init())
        }
    }
}
