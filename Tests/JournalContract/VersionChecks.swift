import Moonwire
import Testing

extension JournalContract {
    static let versionChecks = [
        JournalContract("a version gives its sources back") { journal in
            let sources = ScriptSources(
                version: "v1", script: "shop", files: ["main.lua": "bot.on('x', f)\n", "lib/ä.lua": "return \"\""],
                entry: "main.lua", settings: Samples.json(#"{"greeting":"Hi"}"#), level: 2)
            try await journal.commit(.version(sources, at: Samples.start), .version(sources, at: Samples.start))
            #expect(try await journal.sources(of: "v1") == sources)
            #expect(try await journal.sources(of: "v2") == nil)
        },
        JournalContract("versions are listed newest first with what waits on them") { journal in
            let event = try await journal.admitted(1)
            try await journal.commit(
                Samples.version("v1"), Samples.version("v2", at: Samples.start + .seconds(1)),
                Samples.version("v2", at: Samples.start + .seconds(2)), Samples.version("other", script: "desk"))
            try await journal.commit(
                .startRun(Samples.run(10, event: event)), .wait(Samples.step(10, 1), in: Samples.session()),
                .retire(version: "v1", .cancels))
            let reports = try await journal.versions(of: "shop")
            #expect(reports.map(\.version) == ["v2", "v1"])
            #expect(reports.map(\.waiting) == [0, 1])
            #expect(reports.map(\.installedAt) == [Samples.start + .seconds(1), Samples.start])
            #expect(reports.map(\.retirement) == [nil, .cancels])
            #expect(try await journal.versions(of: nil).count == 3)
            #expect(try await journal.retirements() == ["v1": .cancels])
            try await journal.commit(Samples.version("v1", at: Samples.start + .seconds(3)))
            let again = try await journal.versions(of: "shop")
            #expect(again.map(\.version) == ["v1", "v2"])
            #expect(again.first?.retirement == nil, "a version that comes back is in service")
            try await journal.commit(.retire(version: "v1", .handsOver), Samples.version("v1"))
            #expect(try await journal.retirements().isEmpty, "and so is one that was the newest all the time")
        },
        JournalContract("a pause stands until it is taken back") { journal in
            let (one, other) = (Samples.session(), SessionID(channel: "shop", id: "9"))
            let pause = SessionPause(at: Samples.start, by: Operator(id: "23", name: "Layla"))
            let later = SessionPause(at: Samples.start + .seconds(1), by: Operator(id: "21"))
            try await journal.commit(.pause(one, pause), .pause(other, pause))
            try await journal.commit(.pause(one, later), .pause(other, nil))
            #expect(try await journal.pauses() == [one: later])
        },
        JournalContract("a pause comes and goes with an event that is new") { journal in
            let pause = SessionPause(at: Samples.start, by: Operator(id: "23", name: "Layla"))
            func entry(_ key: String, _ pause: SessionPause?) -> JournalEntry {
                var event = Samples.event(1)
                event.key = key
                return .admitPause(event: event, body: EventBody(event), at: Samples.start, pause)
            }
            let session = Samples.event(1).sessionID
            try await journal.commit(entry("pause", pause))
            #expect(try await journal.pauses() == [session: pause])
            try await journal.commit(entry("resume", nil))
            try await journal.commit(entry("pause", pause))
            #expect(try await journal.pauses().isEmpty)
            try await journal.commit(entry("again", pause))
            try await journal.commit(entry("resume", nil))
            #expect(try await journal.pauses() == [session: pause])
        },
        JournalContract("a session is seen at a glance") { journal in
            guard let journal = journal as? any Journal & SessionGlancing else { return }
            let event = try await journal.admitted(1)
            let session = Samples.session()
            for number in 10...13 { try await journal.commit(.startRun(Samples.run(Int64(number), event: event))) }
            try await journal.commit(.wait(Samples.step(10, 1), in: session))
            for number in 11...13 {
                try await journal.commit(
                    .finishRun(RunID(rawValue: Int64(number)), RunEnd(state: .done, at: Samples.start)))
            }
            let show = HostEffect.StoreOperation(
                scope: SessionGlance.panelScope(of: session, for: "55"), key: "orders",
                command: .set(Samples.json(#"{"rows":[]}"#), ttl: .seconds(60)))
            try await journal.commit(
                .store(Samples.step(10, 2), show),
                .pause(session, SessionPause(at: Samples.start, by: Operator(id: "1"))))
            let glance = try await journal.glance(of: session, for: "55", ended: 2, now: Samples.start)
            #expect(glance.runs.map(\.record.id.rawValue) == [10, 12, 13])
            #expect(glance.panels == ["orders": Samples.json(#"{"rows":[]}"#)])
            #expect(glance.pause?.by.id == "1")
            for person in ["56", nil] {
                let other = try await journal.glance(of: session, for: person, ended: 0, now: Samples.start)
                #expect(other.panels.isEmpty, "made for somebody else")
            }
            let old = try await journal.glance(
                of: session, for: "55", ended: 0, now: Samples.start + .seconds(3600))
            #expect(old.panels.isEmpty && old.runs.map(\.record.id.rawValue) == [10])
        },
        JournalContract("a pin stands until it is replaced or taken back") { journal in
            try await journal.commit(
                .pin(script: "shop", disk: "v2", version: "v1"), .pin(script: "desk", disk: "d2", version: "d1"))
            try await journal.commit(
                .pin(script: "shop", disk: "v3", version: "v2"), .pin(script: "desk", disk: "d2", version: nil))
            #expect(try await journal.pins() == ["shop": VersionPin(disk: "v3", version: "v2")])
        },
    ]
}
