import Synchronization

extension Engine {
    private static let page = 500

    /// Continues what an earlier process left: first the unfinished runs, then the events that nobody has handled.
    func recover() async throws {
        let runs = try await journal.unfinishedRuns()
        var older: [String: ScriptSources] = [:]
        for version in Set(runs.map(\.record.version)) {
            older[version] = try await journal.sources(of: version)
        }
        let sources = Array(older.values)
        // Before the lanes learn of the runs: one that ends at once may already ask for more events.
        recoveredTriggers.withLock { $0 = Set(runs.filter { !$0.triggerIsFinished }.map(\.trigger.id)) }
        for lane in 0..<laneCount() {
            let own = runs.filter { Partition(of: $0.record.session).lane(of: laneCount()) == lane }
            if !own.isEmpty { post(.recover(own, older: sources), to: lane) }
        }
        for lane in 0..<laneCount() { await catchUp(lane) }
    }

    /// Reads events that a lane has not been given yet, as long as it has room for them.
    func catchUp(_ lane: Int) async {
        let feed = feeds[lane]
        guard var last = feed.beginReading() else { return }
        while true {
            guard let page = try? await journal.pendingEvents(after: last, limit: Self.page) else {
                do { try await timing.sleep(.seconds(1)) } catch { return }
                continue
            }
            let running = recoveredTriggers.withLock { $0 }
            let own = page.filter { pending in
                Partition(of: pending.admitted.event.sessionID).lane(of: laneCount()) == lane
                    && !running.contains(pending.admitted.id)
            }
            let hasRoom = feed.resume(own)
            if let end = page.last?.admitted.id {
                last = end
                feed.skip(to: end)
            }
            if !hasRoom {
                if feed.endReading() { return }
                continue
            }
            if page.count < Self.page, await letThrough(lane, after: last) { return }
        }
    }

    /// Opens the feed in the journal's own order: an empty batch stands behind everything admitted so far. Returns
    /// `false` when more was admitted meanwhile, which has to be read first.
    private func letThrough(_ lane: Int, after last: EventID) async -> Bool {
        let feed = feeds[lane]
        return await withCheckedContinuation { continuation in
            journal.append(
                JournalBatch(entries: [], mayFail: true) { _ in
                    continuation.resume(returning: feed.open(ifNothingWasLeftAfter: last))
                })
        }
    }
}
