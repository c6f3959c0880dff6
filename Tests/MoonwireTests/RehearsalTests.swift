import Testing

@testable import Moonwire

struct RehearsalTests {
    /// What a lane did is written to a journal, as a host would.
    private final class Recording {
        let harness: LaneHarness
        private var admissions: [JournalEntry] = []

        init(_ handlers: [FakeLoader.Handler]) {
            harness = LaneHarness(handlers)
        }

        var now: Instant { harness.outbox.with { $0.now } }

        func write(_ text: String, session: String = "1") {
            let event = harness.event(text, session: session)
            let admitted = harness.admit(event)
            admissions.append(.admit(event: event, body: admitted.body, at: now))
            harness.lane.process([.event(PendingEvent(admitted: admitted))])
            while !harness.sending.isEmpty { harness.answer() }
        }

        func pass(_ duration: Duration) {
            harness.pass(duration)
            while !harness.sending.isEmpty { harness.answer() }
        }

        func journal() async -> MemoryJournal {
            let journal = MemoryJournal()
            let entries = admissions + harness.entries
            await withCheckedContinuation { continuation in
                journal.append(JournalBatch(entries: entries, mayFail: false) { _ in continuation.resume() })
            }
            return journal
        }
    }

    private func rehearse(
        _ recording: Recording, with handlers: [FakeLoader.Handler], since: Instant = Instant(rawValue: 0),
        limit: Int = .max
    ) async throws -> RehearsalReport {
        let rehearsal = Rehearsal(
            await recording.journal(), loader: FakeLoader(handlers: handlers), scripts: [FakeLoader.sources],
            candidate: "fake", channels: [], changes: { kind, _ in kind != "session:wait_for" && kind != "http" })
        return try await rehearsal.execute(since: since, limit: limit)
    }

    /// The lines of the one session that differs: `=`, `-` or `+` and the arguments.
    private func lines(_ report: RehearsalReport) -> [String] {
        report.reports.flatMap(\.lines).map { line in
            switch line {
            case .same(let effect): "= " + effect.arguments
            case .recorded(let effect): "- " + effect.arguments
            case .candidate(let effect): "+ " + effect.arguments
            }
        }
    }

    /// Asks, waits for the answer and repeats it.
    private func dialog(
        _ question: String = "who?", answer: @escaping @Sendable (String) -> String = { "hello \($0)" },
        timeout: Duration? = .seconds(60)
    ) -> FakeLoader.Handler {
        FakeLoader.Handler(name: "dialog") { event, outcomes in
            switch outcomes.count {
            case 0: return .reply(question, to: event)
            case 1: return .suspended(.wait(timeout))
            case 2:
                if case .event(let said) = outcomes[1].result {
                    return .reply(answer(said.event.message?.text ?? ""), to: event)
                }
                return .reply("too late", to: event)
            default: return .done
            }
        }
    }

    private func http(_ event: Event) -> RunProgress {
        let request = HostEffect.OutboundRequest(
            method: "GET", url: "https://example.com", headers: [], body: nil, timeout: nil, isRepeatable: true)
        return .suspended(
            StepRequest(
                kind: "http", action: .host(.http(request)), session: nil, arguments: .emptyObject,
                location: "fake.lua:9"))
    }

    @Test func theSameScriptGivesEverySessionTheSame() async throws {
        let recording = Recording([dialog()])
        recording.write("hi", session: "1")
        recording.write("hi", session: "2")
        recording.write("Aisha", session: "1")
        recording.pass(.seconds(90))
        recording.write("hi again", session: "3")
        let report = try await rehearse(recording, with: [dialog()])
        #expect(report.sessions == 3)
        #expect(report.events == 4)
        #expect(lines(report).isEmpty)
        #expect(report.different == 0 && report.unknown == 0)
    }

    @Test func aChangedEffectIsShownAndTheDialogGoesOnWithWhatTheClientWrote() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        recording.write("Aisha")
        let report = try await rehearse(recording, with: [dialog("who is there?", answer: { "welcome \($0)" })])
        #expect(
            lines(report) == [
                #"- ["who?"]"#, #"- ["hello Aisha"]"#, #"+ ["who is there?"]"#, #"+ ["welcome Aisha"]"#,
            ])
        #expect(report.different == 1)
    }

    @Test func whatStaysTheSameKeepsItsPlace() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        recording.write("Aisha")
        let report = try await rehearse(recording, with: [dialog(answer: { "welcome \($0)" })])
        #expect(lines(report) == [#"= ["who?"]"#, #"- ["hello Aisha"]"#, #"+ ["welcome Aisha"]"#])
    }

    @Test func timersFireAtTheirTimeBetweenTheEvents() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        recording.pass(.seconds(61))
        recording.write("Aisha")
        let report = try await rehearse(recording, with: [dialog(timeout: .seconds(3600))])
        let expected = [
            #"= ["who?"]"#, #"- ["too late"]"#, #"- ["who?"]"#, #"+ ["hello Aisha"]"#,
        ]
        #expect(lines(report) == expected, "the longer wait takes the message that came too late")
    }

    @Test func aDeadlineThatHasComeSinceTheLastEventFiresToo() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        recording.pass(.seconds(61))
        #expect(lines(try await rehearse(recording, with: [dialog()])).isEmpty)
    }

    @Test func anOutcomeThatNobodyRecordedEndsTheSession() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        recording.write("Aisha")
        recording.write("hi", session: "2")
        let asking = FakeLoader.Handler(name: "dialog") { event, outcomes in
            guard event.sessionID.id == "1", outcomes.count == 1 else {
                return outcomes.isEmpty ? .reply("who?", to: event) : .suspended(.wait(.seconds(60)))
            }
            return http(event)
        }
        let report = try await rehearse(recording, with: [asking])
        #expect(report.different == 0 && report.unknown == 1)
        #expect(report.reports.map(\.session.id) == ["1"])
        #expect(report.reports.first?.unknown?.location == "fake.lua:9")
    }

    @Test func aRecordedOutcomeIsFoundUnderAnotherNumber() async throws {
        let before = FakeLoader.Handler(name: "dialog") { event, outcomes in
            switch outcomes.count {
            case 0: http(event)
            case 1: .reply("found", to: event)
            default: .done
            }
        }
        let after = FakeLoader.Handler(name: "dialog") { event, outcomes in
            switch outcomes.count {
            case 0: .reply("looking", to: event)
            case 1: http(event)
            case 2:
                if case .value(let value) = outcomes[1].result { .reply(value.text, to: event) } else { .done }
            default: .done
            }
        }
        let recording = Recording([before])
        recording.write("hi")
        let run = try #require(recording.harness.lane.runs.keys.first)
        recording.harness.lane.process([
            .outcome(
                StepCompletion(
                    run: run, step: 1,
                    outcome: StepOutcome(
                        result: .value(RawJSON(validated: Array("42".utf8))), at: recording.now)))
        ])
        recording.harness.answer()
        let report = try await rehearse(recording, with: [after])
        #expect(report.unknown == 0)
        #expect(lines(report) == [#"- ["found"]"#, #"+ ["looking"]"#, #"+ ["42"]"#])
    }

    @Test func eventsThatAnOlderRunTookAreLeftOut() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        recording.pass(.seconds(10))
        let since = recording.now
        recording.write("Aisha")
        recording.pass(.seconds(10))
        recording.write("hi", session: "2")
        let report = try await rehearse(recording, with: [dialog()], since: since)
        #expect(report.sessions == 1 && report.events == 1)
        #expect(lines(report).isEmpty)
    }

    @Test func aRunThatFailsDiffersFromOneThatEndsWell() async throws {
        let recording = Recording([dialog()])
        recording.write("hi")
        let failing = FakeLoader.Handler(name: "dialog") { event, outcomes in
            outcomes.isEmpty
                ? .reply("who?", to: event)
                : .failed(ScriptFailure(kind: .runtime, message: "fake.lua:7: broken", traceback: "at home"))
        }
        let report = try await rehearse(recording, with: [failing])
        #expect(lines(report) == [#"= ["who?"]"#, "+ fake.lua:7: broken"])
        let again = Recording([failing])
        again.write("hi")
        #expect(lines(try await rehearse(again, with: [failing])).isEmpty, "a failure that was recorded is the same")
    }

    @Test func theLimitCountsSessions() async throws {
        let recording = Recording([dialog()])
        for session in ["1", "2", "3"] { recording.write("hi", session: session) }
        recording.write("Aisha", session: "1")
        let report = try await rehearse(recording, with: [dialog("new?")], limit: 2)
        #expect(report.sessions == 2)
        #expect(report.events == 3)
        #expect(report.reports.map(\.session.id) == ["1", "2"])
    }

    @Test func aCandidateThatDoesNotLoadSaysWhy() async throws {
        struct Broken: ScriptLoader {
            func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
                throw ScriptFailure(kind: .syntax, message: "fake.lua:3: unexpected symbol")
            }
        }
        let rehearsal = Rehearsal(
            MemoryJournal(), loader: Broken(), scripts: [FakeLoader.sources], candidate: "fake", channels: [],
            changes: { _, _ in true })
        await #expect {
            try await rehearsal.execute(since: Instant(rawValue: 0))
        } throws: {
            "\($0)".contains("fake.lua:3")
        }
    }
}
