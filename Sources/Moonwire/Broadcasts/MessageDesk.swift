import Dispatch
import EventJSON

/// Writes messages: from templates, or by functions of scripts, in Lua states of its own and away from the lanes.
actor MessageDesk {
    private let journal: any Journal
    private let loader: any ScriptLoader
    private let executor = QueueExecutor(label: "moonwire.broadcasts")
    private var instances: [String: any BroadcastScript] = [:]
    private var templates: [String: MessageTemplate] = [:]

    /// A thread's time in a script is not taken from the pool that everything else shares.
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(journal: any Journal, loader: any ScriptLoader) {
        self.journal = journal
        self.loader = loader
    }

    /// Loads what a plan's messages need.
    ///
    /// - Throws: a sentence for a person when that cannot be had.
    func prepare(_ plan: BroadcastPlan) async throws {
        switch plan.message {
        case .template(let text):
            if templates[text] == nil { templates[text] = try MessageTemplate(text) }
        case .script:
            guard instances[plan.version] == nil else { return }
            guard let sources = try await journal.sources(of: plan.version) else {
                throw BroadcastProblem(
                    "the version \(plan.version) of script '\(plan.script)', which writes the messages, is gone")
            }
            guard let instance = try loader.instantiate(sources) as? any BroadcastScript else {
                throw BroadcastProblem("script '\(plan.script)' registers no broadcasts")
            }
            instances[plan.version] = instance
        }
    }

    /// The plans that a version of a script registers.
    func plans(of sources: ScriptSources) throws -> [BroadcastPlan] {
        if let known = instances[sources.version] { return known.broadcasts }
        guard let instance = try loader.instantiate(sources) as? any BroadcastScript else { return [] }
        if !instance.broadcasts.isEmpty { instances[sources.version] = instance }
        return instance.broadcasts
    }

    /// One message, or why there is none, for each row.
    func write(
        _ plan: BroadcastPlan, to rows: [AudienceRow], now: Instant
    ) -> [Result<BroadcastMessage, BroadcastProblem>] {
        rows.map { row in
            do throws(BroadcastProblem) {
                return .success(try write(plan, to: row, now: now))
            } catch {
                return .failure(error)
            }
        }
    }

    private func write(
        _ plan: BroadcastPlan, to row: AudienceRow, now: Instant
    ) throws(BroadcastProblem) -> BroadcastMessage {
        switch plan.message {
        case .template(let text):
            guard let template = templates[text] else { throw BroadcastProblem("the template was not loaded") }
            do throws(MessageTemplate.Problem) {
                return BroadcastMessage(text: try template.text(row.fields))
            } catch {
                throw BroadcastProblem(error.description)
            }
        case .script:
            guard let instance = instances[plan.version] else { throw BroadcastProblem("the script was not loaded") }
            do throws(ScriptFailure) {
                return try instance.message(of: plan.name, to: row.fields, now: now)
            } catch {
                throw BroadcastProblem(error.message)
            }
        }
    }

    /// Frees what no broadcast needs any more.
    func keep(versions: Set<String>) {
        instances = instances.filter { versions.contains($0.key) }
        if versions.isEmpty { templates = [:] }
    }
}

/// A queue as an actor's executor.
private final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Why something of a broadcast cannot be done, for a person.
public struct BroadcastProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
