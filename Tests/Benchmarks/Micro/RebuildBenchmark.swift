import Logging
import Moonwire
import MoonwireScripts

/// A waiting run brought back by replay: the handler is executed anew with its recorded outcomes.
struct RebuildBenchmark {
    private static let steps = 40
    private static let sources = ScriptBundle.sources(
        script: "forty",
        files: [
            "forty.lua": """
            bot.on("message.created", function(event, session)
              for number = 1, 40 do session:reply("part %d", number) end
            end)
            """
        ], entry: "forty.lua")

    func run(_ report: inout Report) throws {
        let loader = LuaScriptLoader(
            ScriptEnvironment(logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }))
        let script = try loader.instantiate(Self.sources)
        let now = HostClock.system.now
        let event = WaitingDialog(number: 1, at: now).message("hello", key: "first")
        let trigger = AdmittedEvent(id: EventID(rawValue: 1), event: event, body: EventBody(event), admittedAt: now)
        let outcome = StepOutcome(
            result: .value(EventBody.encode(Message(id: "1", text: "part", at: now, from: .bot))), at: now)
        let run = RunID(rawValue: 1)
        let start = RunStart(run: run, handler: 0, event: trigger, at: now, recordedSteps: Self.steps)
        var digest: UInt64 = 0
        let time = try median(of: 5_000) {
            var progress = script.start(start)
            for _ in 1..<Self.steps {
                guard case .suspended(let request) = progress else {
                    throw BenchmarkError(description: "the script ends early")
                }
                digest ^= request.digest
                progress = script.resume(run, with: outcome)
            }
            script.drop(run)
        }
        report.add("rebuild_40_steps_ns", time)
    }
}
