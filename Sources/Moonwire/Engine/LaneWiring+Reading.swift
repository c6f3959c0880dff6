extension LaneWiring {
    /// Reads waiting runs behind everything that has been appended so far.
    func revive(_ sessions: [SessionDigest], loaded: Set<String>, post: @Sendable (LaneMessage) -> Void) async {
        let isRead = await untilRead { () async throws(JournalError) in
            await self.journal.settle()
            let runs = try await self.journal.waitingRuns(of: sessions)
            let older = try await self.sources(of: runs, notIn: loaded)
            post(.revive(sessions, runs, older: older, omitted: loaded))
        }
        guard !isRead else { return }
        if sessions.count > 1 {
            // One damaged session must not keep the others.
            for session in sessions { await revive([session], loaded: loaded, post: post) }
        } else {
            // Its waits stay in the journal, for whoever mends it; its events go on.
            post(.revive(sessions, RecoveredRuns(), older: []))
        }
    }

    func readDeadlines(_ page: Timetable.Page, lane: Int, post: @Sendable (LaneMessage) -> Void) async {
        let isRead = await untilRead { () async throws(JournalError) in
            await self.journal.settle()
            let deadlines = try await self.journal.deadlines(after: page.after, before: page.before, limit: page.limit)
            post(.deadlines(page, deadlines))
        }
        // Later pages may be sound.
        if !isRead { post(.deadlines(page, [])) }
    }

    /// The sources of the versions that runs are on.
    private func sources(
        of recovered: RecoveredRuns, notIn loaded: Set<String>
    ) async throws(JournalError) -> [ScriptSources] {
        var sources: [ScriptSources] = []
        for version in Set(recovered.runs.map(\.record.version)).subtracting(loaded) {
            do throws(JournalError) {
                if let found = try await journal.sources(of: version) { sources.append(found) }
            } catch {
                // A version that cannot be read is one that is not there: its runs are kept for the ops team.
                guard error.code == .corrupt else { throw error }
                observer.notify(.journalUnreadable(error))
            }
        }
        return sources
    }

    /// Reads until it succeeds, because a session waits for it. `false` for what can never be read.
    private func untilRead(_ read: () async throws(JournalError) -> Void) async -> Bool {
        while !Task.isCancelled {
            do throws(JournalError) {
                try await read()
                return true
            } catch {
                if error.code == .closed { return true }
                observer.notify(.journalUnreadable(error))
                if error.code == .corrupt { return false }
                try? await timing.sleep(.seconds(1))
            }
        }
        return true
    }
}

extension Journal {
    /// Returns when everything appended so far is committed.
    func settle() async {
        await withCheckedContinuation { continuation in
            append(JournalBatch(entries: [], mayFail: false) { _ in continuation.resume() })
        }
    }
}
