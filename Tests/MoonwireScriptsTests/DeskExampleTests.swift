import Foundation
import Moonwire
import Testing

@testable import MoonwireScripts

/// Plays the conversations that the examples for an operator's desk promise. It is a quarter past midnight.
struct DeskExampleTests {
    private func example(
        _ name: String, settings: String = "{}",
        methods: Set<String> = Rehearsal.methods.union(["take"]).union(["take"])
    ) throws -> Rehearsal {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let sources = try ScriptBundle.load(root + "/examples/" + name)
        let source = try #require(sources.files[name])
        return try Rehearsal(source, file: name, settings: settings, methods: methods, bestEffort: ["typing"])
    }

    private static let yes = StepOutcome.Result.value(RawJSON(validated: Array("true".utf8)))
    private static let no = StepOutcome.Result.value(RawJSON(validated: Array("false".utf8)))

    @Test func theNightWatchTakesASessionAndNotesWhatIsWritten() throws {
        let watch = try example("night_watch.lua")
        watch.outcomes["session:take"] = Self.yes
        try watch.happens(watch.event("session.queued"), run: 1)
        #expect(
            watch.said == [
                "Good evening! Our team is back at 9:00. Write what it is about, and we will answer first thing."
            ])
        try watch.happens(watch.message("the lamp is broken"), run: 2).happens(watch.message("hello?"), run: 3)
        #expect(watch.said.dropFirst() == ["Thank you, it is noted. You can add more at any time."])
    }

    @Test func theNightWatchIsSilentWhenSomebodyElseWasFasterAndByDay() throws {
        let late = try example("night_watch.lua")
        late.outcomes["session:take"] = Self.no
        try late.happens(late.event("session.queued"))
        #expect(late.kinds == ["session:take"])
        let day = try example("night_watch.lua", settings: #"{"opens":0,"closes":24}"#)
        try day.happens(day.event("session.queued"))
        #expect(day.kinds.isEmpty)
    }

    @Test func theDeskTransfersInBusinessHoursAndPromisesACallOutsideOfThem() throws {
        let open = try example("escalation_desk.lua", settings: #"{"opens":0,"closes":24}"#)
        try open.happens(open.message("a human, please"))
        #expect(open.kinds == ["session:reply", "session:transfer"])
        #expect(open.requests.last?.arguments.text == #"{"group":"Support","note":"Asked for a person."}"#)
        let closed = try example("escalation_desk.lua")
        try closed.happens(closed.message("a human, please")).says("+966 50 123 4567")
        #expect(closed.said.last == "Thank you. We will call +966501234567 on the next business day.")
        #expect(!closed.kinds.contains("session:transfer"))
    }
}
