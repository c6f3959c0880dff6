extension Lane {
    /// Loads versions beside those in service.
    func prepare(_ sources: [ScriptSources]) -> [ScriptFailure?] {
        var claims = NameClaims()
        return sources.map { source in
            do throws(ScriptFailure) {
                let loaded = try load(source)
                if let problem = claims.claim((loaded.instance as? any BroadcastScript)?.broadcasts ?? []) {
                    return ScriptFailure(kind: .runtime, message: problem)
                }
                guard let conflict = claims.claim(loaded.instance.handlers, of: source.script).first else { return nil }
                return ScriptFailure(kind: .runtime, message: "\(conflict.handler.location): \(conflict.problem)")
            } catch {
                return error
            }
        }
    }

    var handlers: [RegisteredHandler] {
        current.flatMap { script in
            script.instance.handlers.map { RegisteredHandler(script: script.sources.script, handler: $0) }
        }
    }

    /// Makes versions the ones that new runs begin on, all in one step.
    func install(_ sources: [ScriptSources], keeping: Set<String>) {
        var installed: [LoadedScript] = []
        for source in sources {
            if keeping.contains(source.script) {
                installed += current.filter { $0.sources.script == source.script }
            } else if let loaded = try? load(source) {
                // What is current is in service, as the journal has it too.
                retired[source.version] = nil
                installed.append(loaded)
                record(.version(source, at: now))
            }
        }
        let replaced = current
        current = installed
        router = Router(scripts: installed)
        findOptOutTerms()
        for script in replaced { freeIfOld(script) }
        // What was prepared and is not wanted after all.
        for script in Array(versions.values) { freeIfOld(script) }
    }

    func load(_ sources: ScriptSources) throws(ScriptFailure) -> LoadedScript {
        if let loaded = versions[sources.version] { return loaded }
        let loaded = LoadedScript(try ports.loader.instantiate(sources))
        versions[sources.version] = loaded
        return loaded
    }

    /// Frees a version that is no longer current once its last run has left memory.
    func freeIfOld(_ script: LoadedScript) {
        if script.runCount == 0, !current.contains(where: { $0 === script }) {
            versions[script.sources.version] = nil
        }
    }

    /// Ends the waits of a version that are in memory; the others end when they are brought back.
    func retire(_ version: String, _ how: Retirement) {
        retired[version] = how
        tellOfReplacement(version)
    }

    /// Brings back the waiting runs of a version, so that those that want to leave it do.
    func summon(_ version: String, _ digests: [SessionDigest]) {
        for digest in digests { sleepers.call(digest, isUrgent: false) }
        tellOfReplacement(version)
    }

    private func tellOfReplacement(_ version: String) {
        let waiting = runs.values.filter { $0.record.version == version && $0.isWaiting }
        let sorted = waiting.sorted { $0.id.rawValue < $1.id.rawValue }
        // All of them first: what a run does on its way out may make others leave memory.
        for run in sorted { leaveIfReplaced(run) }
        for run in sorted { advance(run.home) }
    }

    /// A run that waits on a version out of service, or whose dialog wants the newest one, does not go on waiting.
    func leaveIfReplaced(_ run: Run) {
        guard case .waiting(let wait, let step, _) = run.state else { return }
        if retired[run.record.version] != nil {
            run.home.due.append(DueWait(run: run.id, step: step, end: .retired))
            return
        }
        guard let dialog = wait.dialog, dialog.onReload != .finish, let successor = successor(of: run),
            successor.script !== run.script
        else { return }
        let end: DueWait.End = dialog.onReload == .restart ? .restart : .retired
        run.home.due.append(DueWait(run: run.id, step: step, end: end))
    }

    /// How a wait of the run ends with its version. A second end is as the first.
    func retirement(of run: Run, _ wait: Wait) -> Retirement {
        run.retirement ?? retired[run.record.version]
            ?? (wait.dialog?.onReload == .transfer ? .handsOver : .cancels)
    }

    /// Remembers what is left to do for the session once the run has ended.
    func noteRetirement(_ retirement: Retirement, of run: Run) {
        run.retiredWaits += 1
        run.retirement = retirement
    }
}
