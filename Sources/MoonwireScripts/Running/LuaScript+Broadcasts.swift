import EventJSON
import LuaRuntime
import Moonwire

extension LuaScript: BroadcastScript {
    var broadcasts: [BroadcastPlan] { registrations.broadcasts.compactMap(\.plan) }

    func message(of broadcast: String, to row: JSONObject, now: Instant) throws(ScriptFailure) -> BroadcastMessage {
        guard let writer = registrations.broadcasts.first(where: { $0.name == broadcast })?.writer else {
            throw ScriptFailure(kind: .killed, message: "the script has no message for the broadcast '\(broadcast)'")
        }
        let bytes = JSON.object(row).bytes
        var seed = StableHash()
        seed.combine(bytes)
        state.setDefaults(seed: seed.value, now: now.wholeSeconds)
        let before = phase
        phase = .writing(at: now)
        defer { phase = before }
        let results: [LuaValue]
        do {
            results = try writer.call([.json(bytes)], purpose: "the message function of a broadcast")
        } catch {
            throw ScriptFailure(error)
        }
        let result = results.first ?? .nil
        if let text = result.text { return BroadcastMessage(text: text) }
        guard let table = result.table, let text = table["text"].text else {
            throw ScriptFailure(
                kind: .runtime,
                message: "the message function of '\(broadcast)' must return a text or a table with text, got "
                    + result.words)
        }
        return BroadcastMessage(text: text, isTemplate: table["template"].boolean ?? false)
    }

    /// A page of rows on its way into the ledger. The journal keeps how many they are and their digest; the ledger has
    /// the rows.
    func addRows(_ call: LuaCall) throws -> LuaReturn {
        guard case .running(let run) = phase, let id = call.integer(at: 1), let count = call.integer(at: 3),
            let name = call.string(at: 4)
        else {
            throw LuaRaise.message("rows of an audience are added in a run only")
        }
        let broadcast = BroadcastID(rawValue: id)
        let bytes = try call.json(at: 2)
        let channel =
            registrations.broadcasts.first { AudienceRequest.eventName(of: $0.name) == name }?.plan?.channel ?? .host
        var entries: [AudienceEntry] = []
        var rejected: [RejectedRecord] = []
        let rows = try JSON(parsing: bytes).elements
        for (offset, row) in rows.enumerated() {
            let line = count - Int64(rows.count) + Int64(offset) + 1
            switch row.object.map({ AudienceEntry.entry(of: AudienceRow($0), channel) }) {
            case .success(let entry)?: entries.append(entry)
            case .failure(let problem)?: rejected.append(RejectedRecord(line: line, reason: problem.description))
            case nil: rejected.append(RejectedRecord(line: line, reason: "is no table with fields"))
            }
        }
        var digest = StableHash()
        digest.combine(bytes)
        var arguments = CanonicalArguments()
        arguments.add("rows", count)
        arguments.add("digest", String(digest.value, radix: 16))
        return suspend(
            .add(broadcast, entries, rejected: rejected, position: count), "broadcast:rows", arguments, run)
    }

    func closeRows(_ call: LuaCall) throws -> LuaReturn {
        guard case .running(let run) = phase, let id = call.integer(at: 1) else {
            throw LuaRaise.message("an audience is closed in a run only")
        }
        let error = call.string(at: 2).map { "the audience function failed: \($0)" }
        var arguments = CanonicalArguments()
        arguments.add("error", error)
        let advice = AudienceRequest.advice(call.string(at: 3) ?? "", key: call.string(at: 4) ?? "")
        return suspend(
            .closeAudience(BroadcastID(rawValue: id), error: error.map { "\($0); \(advice)" }), "broadcast:complete",
            arguments, run)
    }

    private func suspend(
        _ operation: LedgerOperation, _ kind: String, _ arguments: CanonicalArguments, _ run: ScriptRun
    ) -> LuaReturn {
        run.reader = .nothing
        run.receiver = nil
        run.request = StepRequest(
            kind: kind, action: .host(.ledger(operation)), session: nil, arguments: arguments.json,
            location: sources.entry)
        return .suspend(true)
    }
}

/// What an event of a broadcast brings.
struct BroadcastPayload {
    /// A JSON object.
    let figures: [UInt8]

    private static let beginning = Array(#"{"name":"broadcast."#.utf8)

    /// `nil` for any other event, which this finds out by looking at a few bytes.
    init?(_ body: EventBody) {
        guard body.event.bytes.starts(with: Self.beginning),
            let figures = (try? JSON(parsing: body.raw.bytes))?["broadcast"]
        else { return nil }
        self.figures = figures.bytes
    }
}
