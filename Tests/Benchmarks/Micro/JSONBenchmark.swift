import EventJSON
import LuaRuntime

/// A frame of the platform to a parsed document, and to a Lua table that a script reads a field of.
struct JSONBenchmark {
    private let parser = JSONParser()
    private let state: LuaState
    private let readsID: LuaFunction

    init() throws {
        state = try LuaState()
        readsID = try state.functions(of: "keep(function(frame) return frame.message.data.id end)", count: 1)[0]
    }

    func run(_ report: inout Report) throws {
        let bytes = SampleFrame.bytes
        report.add("json_bytes", bytes.count)
        report.add("json_parse_ns", try median(of: 100_000) { try parser.parse(bytes) { _ in } })
        report.add("json_to_table_ns", try median(of: 50_000) { try readsID.call([.json(bytes)]) })
    }
}
