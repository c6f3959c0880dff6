import ArgumentParser
import EventJSON
import LuaRuntime
import Moonwire
import MoonwireScripts

/// `moonwire run-info`: one run, with the variables at the point where it waits.
struct RunInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-info",
        abstract: "Prints everything of one run, and of a waiting one the variables where it stands. The host may run.",
        discussion: """
            Example:
              moonwire run-info ev7y0h5mjk00

            A waiting run is rebuilt from the journal in a state of its own: nothing is sent and nothing is written.
            Exit codes: 0 done, 1 the journal cannot be read or has no such run, 2 the configuration is wrong.
            """)

    @Argument(help: "The run's id, as logs and other commands print it.")
    var id: String

    @OptionGroup var journal: JournalOptions

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() async throws {
        let bench = try Workbench(journal)
        let reader = try journal.open()
        let found: RunLife?
        let sources: ScriptSources?
        do {
            found = try await reader.run(RunID(rawValue: Int64(id, radix: 36) ?? 0))
            sources = try await reader.sources(of: found?.record.version ?? "")
        } catch {
            throw Complaint.failed(error)
        }
        guard let found else { throw Complaint.failed(HostError("the journal has no run \(id)")) }
        let (inspection, problem) = Self.inspect(found, sources, bench.loader)
        let output = Terminal(.output)
        guard !json else {
            output.line(String(decoding: Self.encode(found, inspection, problem).bytes, as: UTF8.self))
            return
        }
        let text = RunText(run: found, inspection: inspection, problem: problem, time: LocalTime())
        for line in text.lines(output.colour) { output.line(line) }
    }

    /// Rebuilds a run that goes on. One that has ended stands nowhere.
    private static func inspect(
        _ run: RunLife, _ sources: ScriptSources?, _ loader: LuaScriptLoader
    ) -> (RunInspection?, problem: String?) {
        guard run.end == nil else { return (nil, nil) }
        guard let sources else { return (nil, "the journal has no sources of version \(run.record.version)") }
        do throws(ScriptFailure) {
            return (try loader.inspect(run, sources: sources), nil)
        } catch {
            return (nil, "its version does not load: \(error.message)")
        }
    }

    private static func encode(_ run: RunLife, _ inspection: RunInspection?, _ problem: String?) -> JSON {
        var problem = problem
        if case .differs(let difference)? = inspection?.end { problem = difference.description }
        return [
            "run": HistoryJSON.run(run), "trigger": run.trigger.map(HistoryJSON.event) ?? .null,
            "problem": problem.map(JSON.string) ?? .null,
            "frames": .array(
                (inspection?.frames ?? []).map { frame in
                    [
                        "function": frame.function.map(JSON.string) ?? .null, "file": .string(frame.file),
                        "line": .int(Int64(frame.line)), "locals": encode(frame.locals),
                        "upvalues": encode(frame.upvalues),
                    ]
                }),
        ]
    }

    private static func encode(_ variables: [LuaFrame.Variable]) -> JSON {
        .array(variables.map { ["name": .string($0.name), "value": .string($0.value)] })
    }
}
