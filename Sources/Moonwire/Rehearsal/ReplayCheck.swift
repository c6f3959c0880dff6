/// Rebuilds the runs of a journal, each in a fresh state with the sources that the journal has of its version, and
/// compares every step. Performs no effect and writes nothing.
public struct ReplayCheck: Sendable {
    /// A run that cannot be rebuilt as it was recorded.
    public struct Finding: Sendable {
        public let run: RunRecord
        public let difference: RunReplay.Difference
    }

    public struct Report: Sendable {
        /// Runs that were rebuilt, and their steps.
        public var runs = 0
        public var steps = 0
        /// Runs that retention has left nothing to rebuild from: an event, or the version's sources.
        public var skipped = 0
        public var findings: [Finding] = []

        public init() {}
    }

    private let history: any JournalHistory
    private let loader: any ScriptLoader
    private let maxSteps: Int

    public init(
        _ history: any JournalHistory, loader: any ScriptLoader, maxSteps: Int = EngineSettings().maxSteps
    ) {
        self.history = history
        self.loader = loader
        self.maxSteps = maxSteps
    }

    /// - Parameters:
    ///   - scripts: Whose runs; those of all scripts when `nil`.
    ///   - progress: Told after each page how many runs have been looked at.
    public func execute(
        scripts: Set<String>? = nil, since: Instant = Instant(rawValue: 0),
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws(JournalError) -> Report {
        var report = Report()
        var versions: [String: ScriptSources] = [:]
        var next: RunPage.Next?
        repeat {
            let page = try await history.runs(of: nil, since: since, page: next)
            for run in page.runs where scripts?.contains(run.record.script) ?? true {
                let version = run.record.version
                if versions[version] == nil { versions[version] = try await history.sources(of: version) }
                guard run.isWhole, let sources = versions[version] else {
                    report.skipped += 1
                    continue
                }
                report.runs += 1
                report.steps += run.steps.count
                if let difference = difference(of: run, sources) {
                    report.findings.append(Finding(run: run.record, difference: difference))
                }
            }
            progress(report.runs + report.skipped)
            next = page.next
        } while next != nil
        return report
    }

    private func difference(of run: RunLife, _ sources: ScriptSources) -> RunReplay.Difference? {
        do throws(ScriptFailure) {
            var replay = RunReplay(run, in: try loader.instantiate(sources), maxSteps: maxSteps)
            if case .differs(let difference) = replay.execute() { return difference }
            return nil
        } catch {
            return RunReplay.Difference(
                number: 1, recorded: "a run of version \(run.record.version)", now: "cannot be loaded: \(error.message)"
            )
        }
    }
}
