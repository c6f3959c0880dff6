import Moonwire
import Testing

extension JournalContract {
    static let admissionChecks = [
        JournalContract("a key is admitted once per channel") { journal in
            let event = Samples.event(1)
            var elsewhere = event
            elsewhere.channel = ChannelID("desk")
            let results = try await journal.commit(
                Samples.admit(1), Samples.admit(1),
                .admit(event: elsewhere, body: EventBody(elsewhere), at: Samples.start))
            guard case .admitted(let first) = results[0], case .duplicate = results[1], case .admitted = results[2]
            else {
                Issue.record("got \(results)")
                return
            }
            guard case .duplicate? = try await journal.commit(Samples.admit(1)).first else {
                Issue.record("a later batch admitted event \(first.rawValue) again")
                return
            }
        },
        JournalContract("events without a key are all admitted") { journal in
            let event = Samples.ephemeral()
            let entry = JournalEntry.admit(event: event, body: EventBody(event), at: Samples.start)
            for result in try await journal.commit(entry, entry) {
                guard case .admitted = result else {
                    Issue.record("got \(result)")
                    return
                }
            }
        },
        JournalContract("concurrent admissions of the same keys admit each key once, and ids grow in order") {
            journal in
            let admitted = try await withThrowingTaskGroup(of: [JournalEntryResult].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var results: [JournalEntryResult] = []
                        for number in 0..<50 { results += try await journal.commit(Samples.admit(number)) }
                        return results
                    }
                }
                return try await group.reduce(into: 0) { count, results in
                    count += results.count { if case .admitted = $0 { true } else { false } }
                }
            }
            #expect(admitted == 50)
            let pending = try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 100)
            #expect(pending.map(\.admitted.id.rawValue) == pending.map(\.admitted.id.rawValue).sorted())
            #expect(Set(pending.compactMap(\.admitted.event.key)).count == 50)
        },
        JournalContract("batches complete in the order in which they were appended") { journal in
            let order = Collector<Int>()
            for number in 0..<500 {
                journal.append(
                    JournalBatch(entries: [Samples.admit(number)], mayFail: false) { _ in order.add(number) })
            }
            try await journal.commit(Samples.admit(500))
            #expect(order.values == Array(0..<500))
            let pending = try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 1000)
            #expect(pending.map(\.admitted.event.id) == (0...500).map(String.init))
        },
        JournalContract("a pending event comes back as it was admitted") { journal in
            let id = try await journal.admitted(7, at: Samples.start + .seconds(1))
            let found = try #require(try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 10).first)
            #expect(found.admitted.id == id)
            #expect(found.admitted.event == Samples.event(7))
            #expect(found.admitted.body.journalBytes == EventBody(Samples.event(7)).journalBytes)
            #expect(found.admitted.admittedAt == Samples.start + .seconds(1))
            #expect(found.finishedHandlers.isEmpty && !found.isStopped)
        },
        JournalContract("pending events are paged by id and end with their event") { journal in
            var ids: [EventID] = []
            for number in 0..<5 { ids.append(try await journal.admitted(number)) }
            try await journal.commit(
                .finishEvent(ids[1], .handled), .finishEvent(ids[2], .unmatched), .finishEvent(ids[3], .failed))
            #expect(
                try await journal.pendingEvents(after: EventID(rawValue: 0), limit: 1).map(\.admitted.id) == [ids[0]])
            #expect(try await journal.pendingEvents(after: ids[0], limit: 9).map(\.admitted.id) == [ids[4]])
        },
        JournalContract("a cursor keeps its last value, per channel and key") { journal in
            let desk = ChannelID("desk")
            try await journal.commit(
                .cursor(channel: Samples.channel, cursor: Cursor(key: "", value: [1])),
                .cursor(channel: Samples.channel, cursor: Cursor(key: "118", value: [])),
                .cursor(channel: desk, cursor: Cursor(key: "", value: [9])),
                .cursor(channel: Samples.channel, cursor: Cursor(key: "", value: [2, 0])))
            #expect(try await journal.cursors(of: Samples.channel) == ["": [2, 0], "118": []])
            #expect(try await journal.cursors(of: desk) == ["": [9]])
            #expect(try await journal.cursors(of: ChannelID("none")).isEmpty)
        },
        JournalContract("after closing, batches and reads are refused") { journal in
            await journal.close()
            await #expect(throws: JournalError.self) { try await journal.commit(Samples.admit(1)) }
            await #expect(throws: JournalError.self) { try await journal.interruptedRuns().runs }
        },
    ]
}
