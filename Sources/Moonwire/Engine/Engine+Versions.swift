import Synchronization

extension Engine {
    /// Installs these versions for new runs, all in one step on each lane. A script that is absent takes no new events.
    ///
    /// Each version is loaded beside those in service first; one that does not load on every lane takes effect on none,
    /// and its script stays on the version that it has.
    ///
    /// - Returns: What kept a script from loading, by script name.
    public func install(_ sources: [ScriptSources]) async -> [String: ScriptFailure] {
        let sources = sources + builtIn
        var failures: [String: ScriptFailure] = [:]
        for lane in 0..<laneCount() {
            let results = await ask(lane) { reply in .prepare(sources, reply: reply) }
            for (source, failure) in zip(sources, results) where failure != nil { failures[source.script] = failure }
        }
        let keeping = Set(failures.keys)
        for lane in 0..<laneCount() {
            await ask(lane) { reply in .install(sources, keeping: keeping) { reply(()) } }
        }
        let replaced = installed.withLock { installed in
            let before = installed
            installed = sources.compactMap { source in
                keeping.contains(source.script) ? before.first { $0.script == source.script } : source
            }
            return before.filter { !installed.contains($0) }
        }
        await scheduler?.declare(await handlers())
        for version in replaced { await summonLeavers(of: version) }
        return failures
    }

    /// What the scripts in service have registered, in configuration order.
    public func handlers() async -> [RegisteredHandler] {
        await ask(0) { reply in .handlers(reply) }
    }

    /// Takes a version out of service: its waits end with `nil, "retired"`, now and after a restart.
    ///
    /// - Returns: How many runs of it were waiting.
    /// - Throws: `JournalError` when that cannot be written down.
    public func retire(_ version: String, as retirement: Retirement) async throws -> Int {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            journal.append(
                JournalBatch(entries: [.retire(version: version, retirement)], mayFail: true) { result in
                    continuation.resume(with: result.map { _ in }.mapError { $0 as any Error })
                })
        }
        for lane in 0..<laneCount() { post(.retire(version: version, retirement), to: lane) }
        // The lanes answer in order, so that what they recorded before is on its way to the journal.
        _ = await status()
        await journal.settle()
        let sessions = try await journal.waitingSessions(version: version)
        summon(version, sessions)
        return sessions.count
    }

    /// Asks a lane and waits for its answer.
    func ask<Answer: Sendable>(
        _ lane: Int, _ message: (@escaping @Sendable (Answer) -> Void) -> LaneMessage
    ) async -> Answer {
        await withCheckedContinuation { continuation in
            post(message { continuation.resume(returning: $0) }, to: lane)
        }
    }

    /// Dialogs that do not want to finish on a version that has been replaced learn of it although nobody writes.
    private func summonLeavers(of version: ScriptSources) async {
        guard let instance = try? loader.instantiate(version), instance.hasDialogsThatLeave else { return }
        _ = await status()
        await journal.settle()
        guard let sessions = try? await journal.waitingSessions(version: version.version) else { return }
        summon(version.version, sessions)
    }

    /// The same for versions that were replaced, or retired, while the host was down.
    func summonLeftBehind() async {
        let current = Set(installed.withLock { $0 }.map(\.version))
        guard let reports = try? await journal.versions(of: nil) else { return }
        for report in reports where report.waiting > 0 {
            if report.retirement != nil {
                if let sessions = try? await journal.waitingSessions(version: report.version) {
                    summon(report.version, sessions)
                }
            } else if !current.contains(report.version), let sources = try? await journal.sources(of: report.version) {
                await summonLeavers(of: sources)
            }
        }
    }

    private func summon(_ version: String, _ sessions: [SessionDigest]) {
        for lane in 0..<laneCount() {
            let own = sessions.filter { Partition(of: $0).lane(of: laneCount()) == lane }
            post(.summon(version: version, own), to: lane)
        }
    }
}
