extension LaneWiring {
    /// Reads waiting runs behind everything that has been appended so far.
    func revive(_ sessions: [SessionDigest], loaded: Set<String>, post: @Sendable (LaneMessage) -> Void) async {
        await untilRead { () async throws(JournalError) in
            await self.journal.settle()
            let runs = try await self.journal.waitingRuns(of: sessions)
            let older = try await self.sources(of: runs, notIn: loaded)
            post(.revive(sessions, runs, older: older))
        }
    }

    func readDeadlines(_ page: Timetable.Page, lane: Int, post: @Sendable (LaneMessage) -> Void) async {
        await untilRead { () async throws(JournalError) in
            await self.journal.settle()
            let deadlines = try await self.journal.deadlines(after: page.after, before: page.before, limit: page.limit)
            post(.deadlines(page, deadlines))
        }
    }

    /// The sources of the versions that runs are on.
    private func sources(
        of recovered: RecoveredRuns, notIn loaded: Set<String>
    ) async throws(JournalError) -> [ScriptSources] {
        var sources: [ScriptSources] = []
        for version in Set(recovered.runs.map(\.record.version)).subtracting(loaded) {
            if let found = try await journal.sources(of: version) { sources.append(found) }
        }
        return sources
    }

    /// Reads until it succeeds, because a session waits for it.
    private func untilRead(_ read: () async throws(JournalError) -> Void) async {
        while !Task.isCancelled {
            do throws(JournalError) {
                return try await read()
            } catch {
                if error.code == .closed { return }
                try? await timing.sleep(.seconds(1))
            }
        }
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
