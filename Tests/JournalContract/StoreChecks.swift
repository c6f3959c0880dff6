import Moonwire
import Testing

extension JournalContract {
    static let storeChecks = [
        JournalContract("a store sets, gets and deletes, per scope") { journal in
            #expect(try await journal.store("a", .get, step: 1).get() == "null")
            #expect(try await journal.store("a", .set(Samples.json("[1]"), ttl: nil), step: 2).get() == "null")
            #expect(try await journal.store("a", .get, step: 3).get() == "[1]")
            #expect(try await journal.store("a", .get, scope: "session:1", step: 4).get() == "null")
            _ = try await journal.store("a", .set(nil, ttl: nil), step: 5)
            #expect(try await journal.store("a", .get, step: 6).get() == "null")
        },
        JournalContract("a value larger than a step may bring is refused, and the key keeps what it has") { journal in
            let large = Samples.json("\"" + String(repeating: "a", count: 1 << 20) + "\"")
            _ = try await journal.store("a", .set(Samples.json("1"), ttl: nil), step: 1)
            let set = try await journal.store("a", .set(large, ttl: nil), step: 2)
            let swap = try await journal.store(
                "a", .compareAndSet(expected: Samples.json("1"), new: large, ttl: nil), step: 3)
            for result in [set, swap] {
                guard case .failure(let failure) = result else {
                    Issue.record("got \(result)")
                    return
                }
                #expect(failure.message.contains("more than the 1 MiB that a key may hold"))
            }
            #expect(try await journal.store("a", .get, step: 4).get() == "1")
        },
        JournalContract("a ttl counts from the step's own time") { journal in
            let set = HostEffect.StoreOperation.Command.set(Samples.json("1"), ttl: .seconds(10))
            _ = try await journal.store("a", set, step: 1, at: Samples.start)
            #expect(try await journal.store("a", .get, step: 2, at: Samples.start + .seconds(9)).get() == "1")
            #expect(try await journal.store("a", .get, step: 3, at: Samples.start + .seconds(10)).get() == "null")
            #expect(throws: EffectFailure.self) {
                try StoreVerdict.set(Samples.json("1"), ttl: .zero, key: "a", at: Samples.start).answer.get()
            }
        },
        JournalContract("a counter counts, keeps its expiry and refuses what is no whole number") { journal in
            let later = Samples.start + .seconds(5)
            #expect(try await journal.store("n", .increment(by: 2, ttl: .seconds(10)), step: 1).get() == "2")
            #expect(try await journal.store("n", .increment(by: -5, ttl: nil), step: 2, at: later).get() == "-3")
            #expect(try await journal.store("n", .get, step: 3, at: Samples.start + .seconds(10)).get() == "null")
            for (index, text) in [#""7""#, "1.5", "{}", "9223372036854775807"].enumerated() {
                let key = "bad\(index)"
                _ = try await journal.store(key, .set(Samples.json(text), ttl: nil), step: 10 + index)
                let result = try await journal.store(key, .increment(by: 1, ttl: nil), step: 20 + index)
                #expect(throws: EffectFailure.self, "\(text) was counted up") { try result.get() }
                #expect(try await journal.store(key, .get, step: 30 + index).get() == text)
            }
        },
        JournalContract("compare and set compares values, not spellings") { journal in
            let answers = [
                try await journal.exchange("1", "2", step: 1),
                try await journal.exchange(nil, #"{"a":1,"b":2}"#, step: 2),
                try await journal.exchange(nil, "3", step: 3),
                try await journal.exchange(#"{ "b": 2, "a": 1 }"#, "4", step: 4),
                try await journal.exchange("4", nil, step: 5),
            ]
            #expect(answers == ["false", "true", "false", "true", "true"])
            #expect(try await journal.store("a", .get, step: 6).get() == "null")
        },
        JournalContract("keys are listed by prefix, in byte order, without expired ones") { journal in
            for (index, key) in ["b", "a:2", "a:1", "a", "ä", "a:ä"].enumerated() {
                _ = try await journal.store(key, .set(Samples.json("1"), ttl: nil), step: index + 1)
            }
            _ = try await journal.store("a:0", .set(Samples.json("1"), ttl: .seconds(1)), step: 10)
            let later = Samples.start + .seconds(2)
            #expect(
                try await journal.store("a:", .keys(limit: 10), step: 11, at: later).get() == #"["a:1","a:2","a:ä"]"#)
            #expect(try await journal.store("a:", .keys(limit: 1), step: 12).get() == #"["a:0"]"#)
            let behind = HostEffect.StoreOperation.Command.keys(limit: 10, after: "a:1")
            #expect(try await journal.store("a:", behind, step: 13, at: later).get() == #"["a:2","a:ä"]"#)
            let above = HostEffect.StoreOperation.Command.keys(limit: 1, after: "a")
            #expect(try await journal.store("a:", above, step: 14, at: later).get() == #"["a:1"]"#)
            let end = HostEffect.StoreOperation.Command.keys(limit: 1, after: "a:ä")
            #expect(try await journal.store("a:", end, step: 15, at: later).get() == "[]")
            let refused = try await journal.store("", .keys(limit: 0), step: 16)
            #expect(throws: EffectFailure.self) { try refused.get() }
        },
        JournalContract("a store step is recorded with its outcome and never performed twice") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(.startRun(Samples.run(1, event: event)))
            let count = HostEffect.StoreOperation.Command.increment(by: 1, ttl: nil)
            #expect(try await journal.store("n", count, step: 1).get() == "1")
            #expect(try await journal.store("n", count, step: 1).get() == "1")
            #expect(try await journal.store("n", count, step: 2).get() == "2")
            let steps = try #require(try await journal.interruptedRuns().runs.first?.steps)
            #expect(steps.count == 2)
            guard case .value(let value)? = steps.first?.outcome?.result else {
                Issue.record("got \(steps)")
                return
            }
            #expect(value.text == "1" && steps.first?.outcome?.at == Samples.start)
        },
        JournalContract("a refused operation is refused again") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(.startRun(Samples.run(1, event: event)))
            let first = try await journal.store("n", .limit(count: 0, period: .seconds(1)), step: 1)
            let second = try await journal.store("n", .limit(count: 5, period: .seconds(1)), step: 1)
            #expect(throws: EffectFailure.self) { try first.get() }
            #expect(throws: EffectFailure.self) { try second.get() }
        },
        JournalContract("what a channel keeps needs no run") { journal in
            func keep(_ command: HostEffect.StoreOperation.Command, at: Instant = Samples.start) -> JournalEntry {
                .keep(HostEffect.StoreOperation(scope: "channel:shop", key: "a", command: command), at: at)
            }
            let results = try await journal.commit(
                keep(.set(Samples.json("[1]"), ttl: .seconds(10))), keep(.get),
                keep(.get, at: Samples.start + .seconds(10)), keep(.increment(by: 1, ttl: nil)))
            guard case .stored(let value) = results[1], case .stored(let late) = results[2],
                case .refused = results[3]
            else {
                Issue.record("got \(results)")
                return
            }
            #expect(value.text == "[1]" && late.text == "null")
        },
    ]

    static let allowanceChecks = [
        JournalContract("a limit allows its count at once, then one for each share of the period") { journal in
            let limit = HostEffect.StoreOperation.Command.limit(count: 3, period: .seconds(60))
            let times: [Duration] = [
                .zero, .zero, .zero, .zero, .milliseconds(19_999), .seconds(20), .seconds(20),
            ]
            var answers: [String] = []
            for (index, time) in times.enumerated() {
                answers.append(
                    try await journal.store("k", limit, step: index + 1, at: Samples.start + time).get())
            }
            let yes = #"{"ok":true,"wait":0.0}"#
            #expect(
                answers == [
                    yes, yes, yes, #"{"ok":false,"wait":20.0}"#, #"{"ok":false,"wait":0.001}"#, yes,
                    #"{"ok":false,"wait":20.0}"#,
                ])
            #expect(try await journal.store("k", limit, scope: "bot:b", step: 8).get() == yes)
            #expect(try await journal.store("k", .get, step: 9).get() == "null")
        }
    ]
}
