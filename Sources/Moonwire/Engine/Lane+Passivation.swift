import DequeModule

/// A session whose runs wait, and since when.
struct Dozer {
    let session: SessionState
    let since: Instant

    /// Whether no later wait has begun in the session.
    var isLatest: Bool { session.dozingSince == since }
}

extension Lane {
    func doze(_ session: SessionState) {
        session.dozingSince = now
        dozing.append(Dozer(session: session, since: now))
    }

    /// Lets go of the runs of sessions in which nothing has happened for a while.
    func passivateIdle(at now: Instant) {
        let idle = ports.settings.passivation.idle
        while let first = dozing.first, now - first.since >= idle {
            dozing.removeFirst()
            if first.isLatest, !passivate(first.session), !first.session.waiting.isEmpty { doze(first.session) }
        }
    }

    /// Lets go of the oldest waiting runs when a version has more of them than it may, or when its state runs short of
    /// memory.
    func makeRoom(in script: LoadedScript) {
        let ceiling = ports.settings.passivation.ceiling
        if script.waitingCount > ceiling { passivateOldest(of: script, until: ceiling) }
        script.waitsUntilMemoryCheck -= 1
        // Without a ceiling there is no journal to come back from.
        guard script.waitsUntilMemoryCheck < 0, ceiling != .max else { return }
        script.waitsUntilMemoryCheck = 255
        guard script.instance.isShortOfMemory else { return }
        passivateOldest(of: script, until: script.waitingCount / 2)
        script.instance.reclaimMemory()
    }

    private func passivateOldest(of script: LoadedScript, until count: Int) {
        var rounds = dozing.count
        while script.waitingCount > count, rounds > 0, let first = dozing.popFirst() {
            rounds -= 1
            if first.isLatest, !passivate(first.session), !first.session.waiting.isEmpty { doze(first.session) }
        }
    }

    /// Drops the waiting runs of a session from memory; the journal brings them back. `false` while the session has
    /// something else in hand.
    private func passivate(_ session: SessionState) -> Bool {
        guard session.executing == nil, session.queue.isEmpty, session.dispatch == nil, session.due.isEmpty,
            !session.waiting.isEmpty, !session.waiting.contains(where: isDue)
        else { return false }
        for id in session.waiting {
            guard let run = runs.removeValue(forKey: id) else { continue }
            run.state = .executing
            run.script.instance.drop(id)
            run.script.runCount -= 1
            freeIfOld(run.script)
        }
        session.waiting.removeAll()
        sleepers.add(session.digest)
        forgetIfIdle(session, at: now)
        return true
    }

    private func isDue(_ id: RunID) -> Bool {
        guard case .waiting(_, _, let deadline?)? = runs[id]?.state else { return false }
        return deadline <= now
    }

    /// Sessions are back from the journal.
    func revive(
        _ digests: [SessionDigest], _ recovered: RecoveredRuns, _ older: [ScriptSources], _ omitted: Set<String>
    ) {
        // A version that was loaded when the journal was asked may have been freed since: those runs are read again.
        let incomplete = recovered.runs.filter {
            omitted.contains($0.record.version) && versions[$0.record.version] == nil
        }
        let again = Set(incomplete.map { SessionDigest($0.record.session) })
        let callers = sleepers.arrive(digests, again: again)
        let complete = RecoveredRuns(
            runs: again.isEmpty
                ? recovered.runs : recovered.runs.filter { !again.contains(SessionDigest($0.record.session)) },
            damaged: recovered.damaged)
        rebuild(complete, older: older)
        for key in callers {
            if let session = sessions[key] { advance(session) }
        }
        let held = heldEphemerals
        heldEphemerals.removeAll()
        for (event, body) in held { receiveEphemeral(event, body) }
    }
}
