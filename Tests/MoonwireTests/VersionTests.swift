import Testing

@testable import Moonwire

/// Versions of one script side by side: the handlers answer with the version that they are of.
struct VersionTests {
    private static func sources(_ version: String) -> ScriptSources {
        ScriptSources(version: version, script: "fake", files: [:], entry: "fake.lua")
    }

    private static let desk = FakeLoader.Handler(name: "desk") { event, outcomes in
        switch outcomes.count {
        case 0: .suspended(.wait(nil))
        case 1: .reply(PassivationTests.told(outcomes[0]), to: event)
        default: .done
        }
    }

    private static func dialog(_ onReload: DialogTerms.OnReload) -> FakeLoader.Handler {
        FakeLoader.Handler(name: "desk") { event, outcomes in
            switch outcomes.count {
            case 0: .reply("size?", to: event)
            case 1:
                .suspended(
                    StepRequest(
                        kind: "session:wait_for",
                        action: .wait(
                            Wait(
                                events: [EventFilter(events: ["message.created"])], timeout: nil,
                                dialog: DialogTerms(onReload: onReload))), session: nil, arguments: .emptyObject,
                        location: "fake.lua:2"))
            case 2: .reply(PassivationTests.told(outcomes[1]), to: event)
            default: .done
            }
        }
    }

    private func reload(_ harness: LaneHarness, _ version: String) {
        harness.lane.process([.prepare([Self.sources(version)]) { _ in }])
        harness.lane.process([.install([Self.sources(version)], keeping: []) {}])
    }

    private func runs(_ harness: LaneHarness) -> [String: Int] { harness.lane.status.runs }

    @Test func aWaitingRunStaysOnItsVersionWhileNewOnesBeginOnTheNext() {
        let harness = LaneHarness([Self.desk])
        harness.write("one", session: "1")
        reload(harness, "v2")
        harness.write("two", session: "2")
        #expect(runs(harness) == ["v1": 1, "v2": 1])
        harness.write("answer", session: "1")
        harness.answer()
        #expect(runs(harness) == ["v2": 1], "the old version is freed with its last run")
        #expect(harness.tables.runs.values.map(\.record.version).sorted() == ["v1", "v2"])
    }

    @Test func aVersionIsFreedWhenItsRunsLeaveMemoryAndLoadedAgainForThem() {
        let settings = EngineSettings(passivation: EngineSettings.Passivation(idle: .seconds(60), ceiling: 100))
        let harness = LaneHarness([Self.desk], settings: settings)
        harness.write("one")
        reload(harness, "v2")
        harness.pass(.seconds(61))
        #expect(runs(harness) == ["v2": 0])
        harness.write("answer")
        harness.bringBack()
        #expect(harness.sending == ["answer"])
        #expect(runs(harness)["v1"] == 1)
    }

    @Test func aPreparedVersionThatIsNotInstalledIsFreed() {
        let harness = LaneHarness([Self.desk])
        harness.lane.process([.prepare([Self.sources("v2")]) { _ in }])
        harness.lane.process([.install([Self.sources("v2")], keeping: ["fake"]) {}])
        #expect(runs(harness) == ["v1": 0])
    }

    @Test func aScriptThatIsTakenAwayGetsNoNewEvents() {
        let harness = LaneHarness([Self.desk])
        harness.write("one", session: "1")
        harness.lane.process([.install([], keeping: []) {}])
        harness.write("two", session: "2")
        #expect(harness.lane.runs.count == 1)
        harness.write("answer", session: "1")
        #expect(harness.sending == ["answer"])
    }

    @Test func onReloadADialogMayBeginAnewWithTheNextVersion() {
        let harness = LaneHarness([Self.dialog(.restart)])
        harness.write("order")
        harness.answer()
        reload(harness, "v2")
        harness.lane.process([.summon(version: "v1", [])])
        #expect(harness.sending == ["size?"])
        harness.answer()
        #expect(runs(harness) == ["v2": 1])
    }

    @Test func onReloadADialogMayHandItsSessionOver() {
        let harness = LaneHarness([Self.dialog(.transfer)])
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(harness.event("order", owner: .bot))))])
        harness.answer()
        reload(harness, "v2")
        harness.lane.process([.summon(version: "v1", [])])
        #expect(harness.sending == ["retired"])
        harness.answer()
        #expect(harness.sending == ["transfer"])
        harness.answer()
        #expect(harness.ends.map(\.state) == [.done])
    }

    @Test func retiringAVersionEndsItsWaitsAndHandsSessionsOver() {
        let harness = LaneHarness([Self.desk])
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(harness.event("hi", owner: .bot))))])
        reload(harness, "v2")
        harness.lane.process([.retire(version: "v1", .handsOver)])
        #expect(harness.sending == ["retired"])
        harness.answer()
        #expect(harness.sending == ["transfer"])
        harness.answer()
        #expect(harness.lane.runs.isEmpty)
    }

    @Test func retiringMayOnlyEndTheWaits() {
        let harness = LaneHarness([Self.desk])
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(harness.event("hi", owner: .bot))))])
        reload(harness, "v2")
        harness.lane.process([.retire(version: "v1", .cancels)])
        harness.answer()
        #expect(harness.sending.isEmpty && harness.lane.runs.isEmpty)
    }

    @Test func aRetirementHoldsForRunsThatComeBackAfterARestart() {
        let harness = LaneHarness([Self.desk])
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(harness.event("hi", owner: .bot))))])
        harness.outbox.with { $0.entries.append(.retire(version: "v1", .handsOver)) }
        let next = harness.restart([Self.desk])
        next.lane.process([.summon(version: "v1", next.tables.waitingSessions(version: "v1"))])
        next.bringBack()
        #expect(next.sending == ["retired"])
        next.answer()
        #expect(next.sending == ["transfer"])
    }

    @Test func aRunThatKeepsWaitingOnARetiredVersionIsEnded() {
        let stubborn = FakeLoader.Handler(name: "stubborn") { _, _ in .suspended(.wait(nil)) }
        let harness = LaneHarness([stubborn])
        harness.write("hi")
        harness.lane.process([.retire(version: "v1", .cancels)])
        #expect(harness.lane.runs.isEmpty)
        #expect(harness.tables.dead.first?.error.contains("has been retired") == true)
    }

    @Test func evenThenItsSessionIsHandedOver() {
        let stubborn = FakeLoader.Handler(name: "stubborn") { _, _ in .suspended(.wait(nil)) }
        let harness = LaneHarness([stubborn])
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(harness.event("hi", owner: .bot))))])
        harness.lane.process([.retire(version: "v1", .handsOver)])
        #expect(harness.sending == ["transfer"])
        harness.answer()
        #expect(harness.lane.runs.isEmpty && harness.ends.map(\.state) == [.failed])
    }
}
