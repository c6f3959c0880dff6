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
        _ = try await writer(of: plan)
    }

    private enum Writer {
        case template(MessageTemplate)
        case script(any BroadcastScript)
    }

    private func writer(of plan: BroadcastPlan) async throws -> Writer {
        switch plan.message {
        case .template(let text):
            let template = try templates[text] ?? MessageTemplate(text)
            templates[text] = template
            return .template(template)
        case .script:
            if let instance = instances[plan.version] { return .script(instance) }
            guard let sources = try await journal.sources(of: plan.version) else {
                throw BroadcastProblem(
                    "the version \(plan.version) of script '\(plan.script)', which writes the messages, is gone")
            }
            guard let instance = try loader.instantiate(sources) as? any BroadcastScript else {
                throw BroadcastProblem("script '\(plan.script)' registers no broadcasts")
            }
            instances[plan.version] = instance
            return .script(instance)
        }
    }

    /// The plans that a version of a script registers.
    func plans(of sources: ScriptSources) throws -> [BroadcastPlan] {
        if let known = instances[sources.version] { return known.broadcasts }
        guard let instance = try loader.instantiate(sources) as? any BroadcastScript else { return [] }
        if !instance.broadcasts.isEmpty { instances[sources.version] = instance }
        return instance.broadcasts
    }

    /// One message, or why there is none, for each row. What has been freed meanwhile is loaded again.
    func write(
        _ plan: BroadcastPlan, to rows: [AudienceRow], now: Instant
    ) async throws -> [Result<BroadcastMessage, BroadcastProblem>] {
        let writer = try await writer(of: plan)
        return rows.map { row in
            switch writer {
            case .template(let template):
                do throws(MessageTemplate.Problem) {
                    return .success(BroadcastMessage(text: try template.text(row.fields)))
                } catch {
                    return .failure(BroadcastProblem(error.description))
                }
            case .script(let instance):
                do throws(ScriptFailure) {
                    return .success(try instance.message(of: plan.name, to: row.fields, now: now))
                } catch {
                    return .failure(BroadcastProblem(error.message))
                }
            }
        }
    }

    /// Frees what no broadcast needs any more.
    func keep(versions: Set<String>) {
        instances = instances.filter { versions.contains($0.key) }
        if versions.isEmpty { templates = [:] }
    }
}
