import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Testing

/// What a look through everything finds, and what it leaves for the next one.
struct TwinBackFillTests {
    /// A journal that outlives a run, by its path.
    private func withJournal(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("twin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appendingPathComponent("journal").path)
    }

    /// The looks so far: only they ask for lists of sessions.
    private func looks(_ harness: TwinHarness) -> Int {
        harness.simulator.control.requests().count { $0.path.contains("/sessions?") && $0.method == "GET" }
    }

    private static let told = """
        for _, name in ipairs { "session.lost", "session.closed", "session.assigned" } do
          bot.on(name, { from = "any", owner = "any" }, function(event, session)
            bot.log.info("told " .. name .. " " .. session.id .. (session.attrs.returned and " again" or ""))
          end)
        end
        """ + "\n" + TwinHarness.echo

    @Test func aSessionThatCannotBeReadKeepsNoOther() async throws {
        let harness = try await TwinHarness()
        try await withJournal { path in
            var lost = ""
            try await harness.run(Self.told, journal: try SQLiteJournal(path: path)) {
                lost = try await harness.session("one")
                try await wait("an answer") { try await harness.said(lost) == ["re one"] }
            }
            try await harness.twin.move(lost, to: .operator(TwinDemoWorld.colleagueID))
            let fresh = try await harness.session("hello")
            // Asked for after the list's sessions have been handled, and three times.
            harness.simulator.faults.update {
                $0.requests = [RequestFault(.failed, next: 3, path: "/sessions/\(lost)", method: "GET")]
            }
            let channel = harness.channel { $0.poll = .milliseconds(300) }
            try await harness.run(Self.told, channel, journal: try SQLiteJournal(path: path)) {
                try await wait("the other is told of and answered") {
                    let isTold = harness.log.text.contains("told session.assigned \(fresh)")
                    let said = try await harness.said(fresh)
                    return isTold && said == ["re hello"]
                }
                try await wait("and it is told of in its turn") {
                    harness.log.text.contains("told session.lost \(lost)")
                }
            }
        }
        await harness.simulator.stop()
    }

    @Test func whatTimeDoesNotHealKeepsNoGapOpen() async throws {
        let harness = try await TwinHarness()
        try await withJournal { path in
            var ids: [String] = []
            try await harness.run(TwinHarness.echo, journal: try SQLiteJournal(path: path)) {
                for _ in 0..<2 { ids.append(try await harness.session("one")) }
                for id in ids { try await wait("an answer") { try await harness.said(id) == ["re one"] } }
            }
            for id in ids { try await harness.twin.writeAsClient("two", session: id) }
            harness.simulator.faults.update {
                $0.requests = [
                    RequestFault(
                        .failed, probability: 1, path: "/sessions/\(ids[0])/messages", method: "GET", status: 404)
                ]
            }
            try await harness.run(TwinHarness.echo, journal: try SQLiteJournal(path: path)) {
                try await wait("the other is answered") { try await harness.said(ids[1]) == ["re one", "re two"] }
            }
            let cursors = try await SQLiteJournal(path: path).cursors(of: "night")
            let stream = String(decoding: try #require(cursors["stream"]), as: UTF8.self)
            #expect(!stream.contains("gap"), "\(stream)")
        }
        await harness.simulator.stop()
    }

    @Test func aSessionWhoseTimeRanOutWithoutAWordIsClosed() async throws {
        // The platform's clock goes fourteen hours on between the two runs.
        let harness = try await TwinHarness { $0.faults.twin.clockOffsetSeconds = -50_400 }
        try await withJournal { path in
            var id = ""
            let journal = try SQLiteJournal(path: path)
            try await harness.run(Self.told, journal: journal) {
                id = try await harness.session()
                try await wait("it is known as the seat's") {
                    try await journal.cursors(of: "night").values.contains {
                        String(decoding: $0, as: UTF8.self).contains(id)
                    }
                }
            }
            harness.simulator.faults.update { $0.twin.clockOffsetSeconds = 0 }
            try await harness.run(Self.told, journal: try SQLiteJournal(path: path)) {
                try await wait("its end is told") { harness.log.text.contains("told session.closed \(id)") }
            }
            let asked = harness.requests("GET", "/sessions/\(id)")
            let before = harness.count("channel.connected")
            try await harness.run(Self.told, journal: try SQLiteJournal(path: path)) {
                try await wait("a third run") { harness.count("channel.connected") > before }
            }
            #expect(harness.requests("GET", "/sessions/\(id)") == asked, "it is not asked for any more")
            #expect(harness.count("session.closed") == 1)
        }
        await harness.simulator.stop()
    }

    @Test func whatWasFinishedIsClosedThoughThePlatformDoesNotTell() async throws {
        let harness = try await TwinHarness {
            $0.faults.twin.showsClosing = false
            $0.faults.events.drop = 1
            $0.faults.events.only = ["chatSessionDeleted"]
        }
        let script =
            Self.told + """

                bot.on("message.created", { text = "bye" }, function(event, session) session:close() end)
                """
        try await harness.run(script, harness.channel { $0.poll = .milliseconds(300) }) {
            let id = try await harness.session()
            try await harness.twin.writeAsClient("bye", session: id)
            try await wait("its end is told") { harness.log.text.contains("told session.closed \(id)") }
            #expect(harness.count("session.lost") == 0)
        }
        await harness.simulator.stop()
    }

    @Test func aRestartRemembersThatAHumanHasTakenOver() async throws {
        let harness = try await TwinHarness()
        try await withJournal { path in
            var id = ""
            try await harness.run(TwinHarness.echo, journal: try SQLiteJournal(path: path)) {
                id = try await harness.session("one")
                try await wait("an answer") { try await harness.said(id) == ["re one"] }
                try await harness.twin.writeAsOperator("I am here", session: id)
                try await harness.settle()
            }
            try await harness.twin.writeAsClient("two", session: id)
            let before = harness.count("channel.connected")
            try await harness.run(TwinHarness.echo, journal: try SQLiteJournal(path: path)) {
                try await wait("connected again") { harness.count("channel.connected") > before }
                try await harness.twin.writeAsClient("three", session: id)
                try await harness.settle()
            }
            let said = try await harness.said(id)
            #expect(said == ["re one", "I am here"])
        }
        await harness.simulator.stop()
    }

    @Test func whoseAForeignSessionIsIsAskedOnce() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo) {
            // No event has told of it.
            let id = "7c1e2f4a-9999-4000-a000-000000000001"
            for number in 0..<5 {
                try await harness.twin.publish(
                    #"{"event":"chatMessageCreated","data":{"id":"x\#(number)","sessionId":"\#(id)","authorType":"CLIENT","body":"?"}}"#
                )
            }
            try await harness.settle()
            #expect(harness.requests("GET", "/sessions/\(id)") == 1)
        }
        await harness.simulator.stop()
    }

    @Test func whoTypesSomewhereIsNoReasonToLookThroughEverything() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.poll = .seconds(3600) }) {
            for name in ["typing", "clientOnline", "clientOffline"] {
                try await harness.twin.publish(#"{"event":"\#(name)","data":{}}"#)
            }
            try await harness.settle()
            #expect(!harness.log.text.contains("An event misses its id"))
        }
        await harness.simulator.stop()
    }

    @Test func aStreamThatComesBackWithoutItsPastIsLookedThroughOnce() async throws {
        let harness = try await TwinHarness()
        try await harness.run(TwinHarness.echo, harness.channel { $0.poll = .seconds(3600) }) {
            try await harness.settle()
            let before = looks(harness)
            harness.simulator.faults.update { $0.centrifuge.connect = .init(.refused, next: 2) }
            harness.twin.streams(.kill)
            try await wait("it is down") { harness.twin.openStreams == 0 }
            harness.twin.history(.restart)
            try await wait("a gap is told") { harness.count("channel.gap") == 1 }
            try await wait("connected again") { harness.count("channel.connected") == 2 }
            try await harness.settle()
            #expect(harness.log.text.contains("Publications were lost"))
            #expect(looks(harness) == before + 1)
        }
        await harness.simulator.stop()
    }

    @Test func theMarkStaysWhereTheStreamBrokeUntilWhatItBringsAgainIsAdmitted() async throws {
        let harness = try await TwinHarness()
        let journal = MemoryJournal()
        let heard = {
            let cursor = try #require(try await journal.cursors(of: "night")["stream"])
            let digits = String(decoding: cursor, as: UTF8.self).drop { !$0.isNumber }.prefix { $0.isNumber }
            return try #require(Int64(digits))
        }
        try await harness.run(TwinHarness.echo, journal: journal) {
            try await harness.settle()
            let before = try await heard()
            let foreign = try await harness.twin.startSession(TwinSessionStart("?", at: .operator(390))).id
            harness.simulator.faults.update {
                $0.centrifuge.connect = .init(.refused, next: 2)
                $0.requests = [
                    RequestFault(.slow, next: 1, path: "/sessions/\(foreign)", method: "GET", milliseconds: 1500)
                ]
            }
            harness.twin.streams(.kill)
            try await wait("it is down") { harness.twin.openStreams == 0 }
            // Whose it is takes a while to find out, and what follows waits.
            try await harness.twin.publish(
                #"{"event":"chatMessageCreated","data":{"id":"x","sessionId":"\#(foreign)","authorType":"CLIENT"}}"#)
            let id = try await harness.session("missed")
            try await wait("the stream is back") { harness.count("channel.connected") == 2 }
            let during = try await heard()
            let said = try await harness.said(id)
            #expect(during == before && said.isEmpty)
            try await wait("what was missed is answered") { try await harness.said(id) == ["re missed"] }
            let after = try await heard()
            #expect(after > before)
        }
        await harness.simulator.stop()
    }
}
