import Foundation
import PlatformSimulator
import Testing

@testable import MoonwireCommand

/// Many reloads under load: no message is lost or doubled, and nothing is left over.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct ReloadStormTests {
    /// How many reloads; the full number takes its time.
    private static let reloads =
        ProcessInfo.processInfo.environment["MOONWIRE_RELOADS"].flatMap(Int.init) ?? 100
    private static let messagesPerSecond = 200

    private func script(_ number: Int) -> String {
        """
        bot.on("message.created", function(event, session)
          session:reply("%s by \(number)", event.message.text)
        end, { name = "echo" })
        bot.on("session.closed", function(event, session) end, { name = "n\(number)" })
        """
    }

    /// What must be as it was before.
    private struct Footprint: CustomStringConvertible {
        let threads: Int
        /// Files, pipes, event queues: all but connections.
        let descriptors: Int
        /// Those to the platform are kept open for a while.
        let sockets: Int
        let luaStates: Int
        let residentKilobytes: Int

        var description: String {
            "\(threads) threads, \(descriptors) descriptors, \(sockets) sockets, \(luaStates) Lua states, "
                + "\(residentKilobytes) KiB resident"
        }
    }

    private func footprint(_ host: HostProcess, _ client: ControlClient) async throws -> Footprint {
        let files = FileManager.default
        let proc = "/proc/\(host.identifier)"
        let descriptors = try files.contentsOfDirectory(atPath: proc + "/fd").compactMap {
            try? files.destinationOfSymbolicLink(atPath: "\(proc)/fd/\($0)")
        }
        let sockets = descriptors.count { $0.hasPrefix("socket:") }
        guard case .scripts(let scripts) = try await client.send(.scripts) else { throw TimedOut(what: "scripts") }
        let status = try String(contentsOfFile: proc + "/status", encoding: .utf8)
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }.map { $0.filter(\.isNumber) }
        return Footprint(
            threads: try files.contentsOfDirectory(atPath: proc + "/task").count,
            descriptors: descriptors.count - sockets, sockets: sockets, luaStates: scripts.luaStates,
            residentKilobytes: resident.flatMap { Int($0) } ?? 0)
    }

    /// Writes at an even pace until told to stop; gives what was written to each conversation.
    private func write(
        _ control: SimulatorControl, _ conversations: [Int], until isOver: @escaping @Sendable () -> Bool
    ) async throws -> [Int: [String]] {
        var written: [Int: [String]] = [:]
        let start = ContinuousClock.now
        var number = 0
        while !isOver() {
            let conversation = conversations[number % conversations.count]
            _ = try await control.writeAsClient("m\(number)", conversation: conversation)
            written[conversation, default: []].append("m\(number)")
            number += 1
            try await ContinuousClock().sleep(
                until: start + .microseconds(number * 1_000_000 / Self.messagesPerSecond), tolerance: .zero)
        }
        return written
    }

    @Test func manyReloadsUnderLoadLoseNothingAndLeaveNothing() async throws {
        var configuration = PlatformSimulator.Configuration()
        configuration.faults.limits.messagesPerMinute = 0
        let simulator = try await PlatformSimulator.start(configuration)
        let host = try HostProcess(configuration: operatorConfiguration(simulator), script: script(0))
        try host.start()
        let control = simulator.control
        try await wait("the host is connected") { control.subscriptions == 1 }
        let client = ControlClient(
            journal: host.folder.appendingPathComponent("host.journal").path, configuration: "moonwire.yaml")
        var conversations: [Int] = []
        for _ in 0..<20 {
            let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
            conversations.append(try await control.openConversation(session))
        }

        let isOver = Flag()
        async let writing = write(control, conversations) { isOver.isRaised }
        var footprints: [Footprint] = []
        let begun = ContinuousClock.now
        for number in 1...Self.reloads {
            try host.write(script(number))
            let response = try await client.send(.reload(scripts: ["bot"]))
            // The watcher may have been quicker.
            guard case .reloads(let results) = response, results.first?.outcome != .failed else {
                Issue.record("\(response)")
                break
            }
            if [Self.reloads / 4, Self.reloads].contains(number) {
                // The watcher may be looking at the same change in a state of its own.
                try await wait("one state is left") { try await footprint(host, client).luaStates == 1 }
                footprints.append(try await footprint(host, client))
            }
        }
        let time = begun.duration(to: .now)
        isOver.raise()
        let written = try await writing
        let total = written.values.reduce(0) { $0 + $1.count }
        try await wait("all is answered") { await control.counters().outgoing >= total }

        for (conversation, texts) in written {
            let replies = try await control.messages(of: conversation).filter { $0.kind == .outgoing }
                .map { ($0.content ?? "").split(separator: " ") }
            #expect(replies.compactMap(\.first).map(String.init) == texts)
            let versions = replies.compactMap(\.last).compactMap { Int($0) }
            #expect(versions == versions.sorted() && versions.count == texts.count)
        }
        let (first, last) = (try #require(footprints.first), try #require(footprints.last))
        print("\(Self.reloads) reloads in \(time) with \(total) messages: from \(first) to \(last)")
        // The system's pool of threads and the pool of connections breathe; what is ours does not.
        #expect(last.threads <= first.threads + 3 && last.sockets <= first.sockets + 8, "from \(first) to \(last)")
        #expect(last.descriptors == first.descriptors, "from \(first) to \(last)")
        // What grows are the caches of the journal and of the allocator, which have limits; a state left over is 135 KiB.
        #expect(last.residentKilobytes - first.residentKilobytes < 24 << 10, "from \(first) to \(last)")
        #expect(host.stop() == 0, "\(host.log)")
        #expect(host.log.isEmpty || !host.log.contains("error"), "\(host.log)")
        await simulator.stop()
    }
}
