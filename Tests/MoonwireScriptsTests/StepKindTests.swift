import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct StepKindTests {
    private var steps: [String] {
        LuaAPI.objects.flatMap { object in
            object.functions.filter(\.isStep).map { object.qualifiedName(of: $0) }
        }
    }

    /// Every new step has to be placed here: a rehearsal compares what changes something.
    @Test func whatWaitsAndWhatOnlyReadsIsKnownByName() {
        let waits = steps.filter(StepKind.isWait)
        let reads = steps.filter { !StepKind.isWait($0) && !StepKind.changesSomething($0, .emptyObject) }
        #expect(Set(waits) == ["session:wait_for", "bot.sleep", "bot.any"])
        #expect(
            Set(reads) == [
                "session:messages", "session:refresh", "bot.store:get", "bot.store:keys", "session.store:get",
                "session.store:keys", "client.store:get", "client.store:keys", "bot.http.get", "channel:sessions",
                "channel:clients", "channel:operators", "channel:groups", "channel:me", "broadcast:status",
                "client:opted_out",
            ])
    }

    @Test func theStepsOfAQuestionAreItsWordsAndItsWait() {
        #expect(StepKind.isWait("session:ask (answer)"))
        #expect(StepKind.changesSomething("session:ask", .emptyObject))
        #expect(StepKind.changesSomething("session:ask (hint)", .emptyObject))
    }

    @Test(arguments: [("GET", false), ("HEAD", false), ("POST", true), ("DELETE", true)])
    func aRequestChangesSomethingByItsMethod(method: String, changes: Bool) {
        let arguments = RawJSON(validated: Array(#"{"method":"\#(method)"}"#.utf8))
        #expect(StepKind.changesSomething("bot.http.request", arguments) == changes)
        #expect(StepKind.changesSomething("channel:request", arguments) == changes)
    }
}
