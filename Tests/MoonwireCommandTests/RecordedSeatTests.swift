import Foundation
import PlatformSimulator
import Testing

/// A seat is recorded with `moonwire record` while a host listens to the same platform; a second host runs against
/// `moonwire simulate --replay` and gets what the first one got.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct RecordedSeatTests {
    /// Says what it gets and answers nothing, so that the platform's part is all that there is.
    private static let script = """
        local function heard(event, session)
          local text = event.message and event.message.text or ""
          bot.log.info(("heard %s %s %s: %s"):format(event.name, event.id, session.id, text))
        end
        bot.on("message.created", { from = "any" }, heard)
        bot.on("session.assigned", heard)
        bot.on("session.closed", heard)
        """

    private static let client = "Iwona Zawadzka"
    private static let words = [
        "first words", "I am Iwona Zawadzka, write to iwona@zawadzka.pl or call +48 601 234 567", "last words",
    ]
    private static let personal = ["Iwona", "Zawadzka", "zawadzka.pl", "601 234", "601234567"]

    @Test func theSeatOfATWIN24OperatorIsRecordedAndPlayedBack() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        // Recorder and host sit at the same seat.
        simulator.faults.update { $0.twin.loginDisplaces = false }
        let urls = simulator.twinURLs
        let seat = Seat(
            addresses: [
                "iam": urls.iam, "chat": urls.chat, "realtime": urls.realtime, "notify": urls.notify,
            ],
            rest: ["email": TwinDemoWorld.operatorEmail, "password": TwinDemoWorld.operatorPassword],
            platform: "twin24", firstRequest: "/sessions", lastRequest: "/messages")
        let twin = simulator.twin
        try await recordAndReplay(
            seat, replayed: ["email": "somebody@example.net", "password": "anything"],
            listeners: { twin.openStreams }
        ) {
            var start = TwinSessionStart(Self.words[0], at: .operator(TwinDemoWorld.operatorID))
            start.clientName = Self.client
            start.name = Self.client
            let session = try await twin.startSession(start)
            for text in Self.words.dropFirst() { try await twin.writeAsClient(text, session: session.id) }
            try await twin.closeAsClient(session.id)
        } secrets: {
            let tokens = twin.commands.flatMap { Self.tokens(in: $0.text) }
            #expect(tokens.count >= 2)
            return tokens + [TwinDemoWorld.operatorPassword]
        }
        await simulator.stop()
    }

    @Test func theSeatOfAChatwootOperatorIsRecordedAndPlayedBack() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let control = simulator.control
        let contact = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier, name: Self.client)
        let conversation = try await control.openConversation(contact)
        let seat = Seat(
            addresses: ["origin": simulator.url],
            rest: ["account": "\(DemoWorld.accountID)", "token": DemoWorld.moonwireAccessToken], platform: "bevatel",
            firstRequest: "/profile")
        try await recordAndReplay(
            seat, replayed: ["account": "\(DemoWorld.accountID)", "token": "anything"],
            listeners: { control.subscriptions }
        ) {
            for text in Self.words { _ = try await control.writeAsClient(text, conversation: conversation) }
        } secrets: {
            [DemoWorld.moonwireAccessToken, contact.pubsubToken, contact.sourceID]
        }
        await simulator.stop()
    }

    /// A channel's configuration.
    private struct Seat {
        var addresses: [String: String]
        var rest: [String: String]
        let platform: String
        /// The end of the path whose answer shows that a channel has looked through everything.
        var firstRequest = ""
        /// The end of the path that a channel asks for when it hears of the happenings, if there is one.
        var lastRequest = ""

        var text: String {
            let members = ["platform": platform, "role": "operator"].merging(addresses) { $1 }.merging(rest) { $1 }
            let channel = members.sorted { $0.key < $1.key }.map { "\($0.key): '\($0.value)'" }
            return """
                journal: { path: host.journal }
                channels:
                  desk: { \(channel.joined(separator: ", ")) }
                scripts: [bot.lua]
                """
        }
    }

    /// - Parameters:
    ///   - replayed: What takes the place of `rest` at the replay.
    ///   - listeners: How many sockets the platform has.
    ///   - happenings: What happens on the platform; its last message is the last of `words`.
    ///   - secrets: What must not be in the recording.
    private func recordAndReplay(
        _ seat: Seat, replayed: [String: String], listeners: () async -> Int, happenings: () async throws -> Void,
        secrets: () async throws -> [String]
    ) async throws {
        let live = try HostProcess(configuration: seat.text, script: Self.script)
        let file = live.folder.appendingPathComponent("desk.jsonl")
        let recording = try BackgroundCommand(
            ["record", "--config", "moonwire.yaml", "--channel", "desk", "--output", file.path, "--json"],
            in: live.folder, name: "record")
        try live.start()
        try await wait("recorder and host listen") { await listeners() == 2 }
        func recorded() throws -> String { try String(contentsOf: file, encoding: .utf8) }
        try await wait("recorder and host have looked through everything") {
            try Self.isAnswered(seat.firstRequest, in: recorded()) && live.log.contains("Connected")
        }
        try await happenings()
        let last = try #require(Self.words.last)
        try await wait("the host has heard all") { live.heard.contains { $0.hasSuffix(": \(last)") } }
        try await wait("all is recorded") {
            try recorded().contains("\"\(last)\"") && Self.isAnswered(seat.lastRequest, in: recorded())
        }
        #expect(recording.stop() == 0)
        #expect(live.stop() == 0)
        let counts = try #require(recording.object)
        #expect(counts["connections"] as? Int == 1)
        #expect(counts["frames"] as? Int ?? 0 >= 2)

        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let text = try recorded()
        for secret in try await secrets() + Self.personal {
            #expect(!text.contains(secret), "\(Self.line(with: secret, in: text))")
        }

        let replay = try BackgroundCommand(
            ["simulate", "--replay", file.path, "--speed", "20", "--json"], in: live.folder, name: "replay")
        try await wait("the replay listens") { replay.object != nil }
        let addresses = try #require(replay.object?["addresses"] as? [String: String])
        #expect(Set(addresses.keys) == Set(seat.addresses.keys))
        let second = try HostProcess(
            configuration: Seat(addresses: addresses, rest: replayed, platform: seat.platform).text,
            script: Self.script)
        try second.start()
        try await wait("the second host has heard all, not only \(second.heard)") {
            second.heard.count >= live.heard.count
        }
        #expect(second.stop() == 0)
        #expect(replay.stop() == 0)
        #expect(second.heard.map(Self.anonymous) == live.heard.map(Self.anonymous))
    }

    /// Without what the recording has replaced, or its stand-ins.
    private static func anonymous(_ line: String) -> String {
        line.replacing(client, with: "PERSON").replacing(/Person [0-9]+/, with: "PERSON")
            .replacing("iwona@zawadzka.pl", with: "MAIL").replacing(/person[0-9]+@example\.org/, with: "MAIL")
            .replacing("+48 601 234 567", with: "PHONE").replacing(/\+1000000000[0-9]/, with: "PHONE")
    }

    /// Whether a recording holds the answer to a request whose path ends so.
    private static func isAnswered(_ path: String, in recording: String) -> Bool {
        recording.split(separator: "\n").contains { $0.contains("\"response\"") && $0.contains("\(path)\"") }
    }

    private static func line(with text: String, in recording: String) -> Substring {
        recording.split(separator: "\n").first { $0.contains(text) } ?? ""
    }

    /// The tokens that the seats' streams were opened with.
    private static func tokens(in command: String) -> [String] {
        command.matches(of: /"token":"([^"]+)"/).map { String($0.output.1) }
    }
}

extension HostProcess {
    /// What its script has logged as heard, in order.
    fileprivate var heard: [String] {
        log.split(separator: "\n").compactMap { line in
            let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let message = entry?["message"] as? String, message.hasPrefix("heard ") else { return nil }
            return String(message.dropFirst("heard ".count))
        }
    }
}
