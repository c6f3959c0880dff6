import Moonwire
import MoonwireConfiguration
import MoonwireScripts

/// Owns what is on the disk: reads the scripts, finds what has changed, and makes good versions live.
///
/// A version is loaded beside the running ones first, in a state of its own away from the lanes; only what loads is
/// given to the engine. A broken version never takes effect. What counts as a change is a difference from what was last
/// seen *on the disk*, not from what runs: after a rollback the file does not come back by itself.
actor ScriptReloader {
    let files: ScriptFiles
    let loader: LuaScriptLoader
    private let rebuilding: LuaScriptLoader?
    let engine: Engine
    let journal: any Journal
    private let clock: HostClock
    let tell: @Sendable (ScriptReload) -> Void
    private let installed: @Sendable () async -> Void
    var scripts: [String: TrackedScript] = [:]
    /// In the order of the configuration.
    var order: [String] = []
    private var lastProblem: String?
    private var isBusy = false
    private var turns: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - rebuilding: Another loader of the same scripts, which must know where they live.
    ///   - installed: called when other versions may be in service than before.
    ///   - tell: called for what changes and what fails, once for each, whoever asked for the reload.
    init(
        files: ScriptFiles, loader: LuaScriptLoader, rebuilding: LuaScriptLoader? = nil, engine: Engine,
        journal: any Journal, clock: HostClock = .system, installed: @escaping @Sendable () async -> Void = {},
        tell: @escaping @Sendable (ScriptReload) -> Void
    ) {
        self.files = files
        self.loader = loader
        self.rebuilding = rebuilding
        self.engine = engine
        self.journal = journal
        self.clock = clock
        self.installed = installed
        self.tell = tell
    }

    var now: Instant { clock.now }

    /// Reads what shall run at the start: what is on the disk, or what a rollback put in its place.
    func start() async throws -> [ScriptSources] {
        let loaded = try files.load()
        let pins = try await journal.pins()
        for (entry, sources) in loaded {
            var script = TrackedScript(
                path: entry.section.path, seen: sources.version, current: sources)
            place(entry)
            if let pin = pins[sources.script] { await take(pin, for: &script, disk: sources) }
            scripts[sources.script] = script
            order.append(sources.script)
        }
        return current
    }

    /// The full list of what shall be current.
    var current: [ScriptSources] { order.compactMap { scripts[$0]?.current } }

    /// Reads the scripts anew and makes those live that have changed.
    ///
    /// - Parameters:
    ///   - names: The scripts to look at; all when empty.
    ///   - retries: Whether a version that failed before is tried again.
    /// - Returns: One result for each script that was looked at.
    func reload(_ names: [String] = [], retries: Bool = false) async throws(HostError) -> [ScriptReload] {
        await takeTurn()
        defer { giveTurn() }
        let entries = try readEntries()
        let known = Set(entries.map(\.script)).union(order)
        for name in names where !known.contains(name) {
            throw HostError(
                "no script is called '\(name)'" + NearestWord.hint(for: name, in: known.sorted()), isWrongInput: true)
        }
        func isAsked(_ name: String) -> Bool { names.isEmpty || names.contains(name) }

        var results: [String: ScriptReload] = [:]
        var candidates: [String: ScriptSources] = [:]
        for entry in entries where isAsked(entry.script) {
            switch look(at: entry, retries: retries) {
            case .result(let result): results[entry.script] = result
            case .candidate(let sources): candidates[entry.script] = sources
            }
        }
        let present = Set(entries.map(\.script))
        let removed = order.filter { !present.contains($0) && isAsked($0) }
        // A script that was not asked for stays where it is, and one that has gone keeps its place until it is.
        let newOrder = entries.map(\.script) + order.filter { !present.contains($0) && !isAsked($0) }
        if !candidates.isEmpty || !removed.isEmpty {
            let failures = await install(newOrder.compactMap { candidates[$0] ?? scripts[$0]?.current })
            let replaced = (Array(candidates.keys) + removed).compactMap { scripts[$0]?.current?.version }
            let runs = await runs(on: replaced)
            for (name, sources) in candidates {
                results[name] = await settle(name, sources, failures[name], runs)
            }
            for name in removed { results[name] = await remove(name, runs) }
            order = newOrder.filter { scripts[$0] != nil }
        }
        let all = (newOrder + removed).compactMap { results[$0] }
        for result in all where result.outcome == .live || result.outcome == .removed { tell(result) }
        return all
    }

    func install(_ sources: [ScriptSources]) async -> [String: ScriptFailure] {
        let failures = await engine.install(sources)
        await installed()
        return failures
    }

    private func place(_ entry: ScriptFiles.Entry) {
        for loader in [loader, rebuilding] { loader?.place(entry.script, folder: entry.folder, limits: entry.limits) }
    }

    private func readEntries() throws(HostError) -> [ScriptFiles.Entry] {
        do {
            let entries = try files.read()
            lastProblem = nil
            return entries
        } catch {
            if lastProblem != error.description {
                tell(ScriptReload(script: "scripts", outcome: .failed, error: error.description))
            }
            lastProblem = error.description
            throw error
        }
    }

    private enum Look {
        case result(ScriptReload)
        /// New on the disk, and it loads.
        case candidate(ScriptSources)
    }

    private func look(at entry: ScriptFiles.Entry, retries: Bool) -> Look {
        let name = entry.script
        var script =
            scripts[name] ?? TrackedScript(path: entry.section.path, seen: nil, current: nil)
        if scripts[name] == nil {
            scripts[name] = script
            order.append(name)
        }
        script.path = entry.section.path
        defer { scripts[name] = script }
        let sources: ScriptSources
        switch entry.reading {
        case .failure(let failure):
            script.seen = nil
            return .result(fail(name, &script, failure.message))
        case .success(let read): sources = read
        }
        let isSeen = sources.version == script.seen
        if isSeen, let problem = script.problem, !retries {
            return .result(
                ScriptReload(
                    script: name, outcome: .failed, version: script.current?.version, error: problem.message))
        }
        if isSeen, script.problem == nil { return .result(unchanged(name, script)) }
        script.seen = sources.version
        // An edit was taken back, or leads to what a rollback made live.
        if sources.version == script.current?.version {
            script.problem = nil
            return .result(unchanged(name, script))
        }
        place(entry)
        if let diagnostic = loader.check(sources).diagnostics.first(where: { $0.severity == .error }) {
            return .result(fail(name, &script, diagnostic.description))
        }
        return .candidate(sources)
    }

    private func unchanged(_ name: String, _ script: TrackedScript) -> ScriptReload {
        var result = ScriptReload(script: name, outcome: .unchanged, version: script.current?.version)
        if script.seen != script.current?.version { result.rolledBackFrom = script.pin?.disk }
        return result
    }

    /// Keeps a failure, and tells of it when it is news.
    private func fail(_ name: String, _ script: inout TrackedScript, _ message: String) -> ScriptReload {
        let result = ScriptReload(
            script: name, outcome: .failed, version: script.current?.version, error: message)
        if script.problem?.message != message {
            script.problem = ScriptProblem(message: message, at: now)
            tell(result)
        }
        return result
    }

    private func settle(
        _ name: String, _ sources: ScriptSources, _ failure: ScriptFailure?, _ runs: [String: Int]
    ) async -> ScriptReload {
        guard var script = scripts[name] else { return ScriptReload(script: name, outcome: .failed) }
        if let failure {
            let result = fail(name, &script, failure.message)
            scripts[name] = script
            return result
        }
        let previous = script.current?.version
        script.install(sources)
        script.problem = nil
        let hadPin = script.pin != nil
        script.pin = nil
        scripts[name] = script
        if hadPin { try? await keep(nil, for: name, disk: sources.version) }
        return ScriptReload(
            script: name, outcome: .live, version: sources.version, previous: previous,
            runsOnPrevious: previous.flatMap { runs[$0] })
    }

    private func remove(_ name: String, _ runs: [String: Int]) async -> ScriptReload {
        let script = scripts.removeValue(forKey: name)
        if let pin = script?.pin { try? await keep(nil, for: name, disk: pin.disk) }
        let previous = script?.current?.version
        return ScriptReload(
            script: name, outcome: .removed, previous: previous, runsOnPrevious: previous.flatMap { runs[$0] })
    }

    // One reload or rollback at a time: each is several steps, and the next must see all of the one before.

    func takeTurn() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { turns.append($0) }
    }

    func giveTurn() {
        guard turns.isEmpty else {
            turns.removeFirst().resume()
            return
        }
        isBusy = false
    }
}
