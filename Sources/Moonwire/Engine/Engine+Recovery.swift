import Synchronization

extension Engine {
    private static let page = 500

    /// Continues what an earlier process left: first the runs that it cut short, then the events that nobody has handled.
    /// Runs that wait stay in the journal until something happens in their session.
    func recover() async throws {
        // What was installed a moment ago is in service again.
        await journal.settle()
        let interrupted = try await journal.interruptedRuns()
        var recovery = LaneMessage.Recovery()
        for version in Set(interrupted.runs.map(\.record.version)) {
            if let sources = try await journal.sources(of: version) { recovery.older.append(sources) }
        }
        recovery.retired = try await journal.retirements()
        let paused = try await journal.pauses().keys
        let asleep = try await journal.waitingSessions(version: nil)
        // Before the lanes learn of the runs: one that ends at once may already ask for more events.
        recoveredTriggers.withLock { triggers in
            triggers = Set(interrupted.runs.filter { !$0.triggerIsFinished }.map(\.trigger.id))
            triggers.formUnion(interrupted.damaged.filter { !$0.triggerIsFinished }.map(\.record.event))
        }
        let count = laneCount()
        for lane in 0..<count {
            recovery.interrupted = RecoveredRuns(
                runs: interrupted.runs.filter { Partition(of: $0.record.session).lane(of: count) == lane },
                damaged: interrupted.damaged.filter { Partition(of: $0.record.session).lane(of: count) == lane })
            recovery.paused = Set(paused.filter { Partition(of: $0).lane(of: count) == lane })
            recovery.asleep = count == 1 ? asleep : asleep.filter { Partition(of: $0).lane(of: count) == lane }
            post(.recover(recovery), to: lane)
        }
        for lane in 0..<count { await catchUp(lane) }
        await summonLeftBehind()
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
