import Foundation
import PlatformSimulator
import Testing

/// The promise: each effect at most once, never lost silently; each event handled to a recorded end.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct CrashTests {
    private static let script = """
        bot.on("message.created", function(event, session)
          for part = 1, 3 do
            pcall(function() session:reply("%s part %d", event.message.text, part) end)
          end
        end)
        """

    enum Moment: CaseIterable, CustomTestStringConvertible {
        case beforeFirst, afterFirst, afterSecond, afterThird, duringFirst, duringSecond, duringThird

        /// How many replies must stand before the kill.
        var replies: Int {
            switch self {
            case .beforeFirst, .duringFirst: 0
            case .afterFirst, .duringSecond: 1
            case .afterSecond, .duringThird: 2
            case .afterThird: 3
            }
        }

        var isDuring: Bool { [.duringFirst, .duringSecond, .duringThird].contains(self) }
        var testDescription: String { "\(self)" }
    }

    @Test(arguments: Moment.allCases) func killedAroundAStepTheRunGoesOnAndNothingIsSaidTwice(
        moment: Moment
    ) async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let host = try HostProcess(configuration: operatorConfiguration(simulator), script: Self.script)
        try host.start()
        let control = simulator.control
        try await wait("the host is connected") { control.subscriptions == 1 }
        let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
        let conversation = try await control.openConversation(session)
        if moment.isDuring {
            // The request that brings this reply is held back, and the host dies while it waits for the answer.
            let path = "/conversations/\(conversation)/messages"
            simulator.faults.update { faults in
                var slow = RequestFault(.slow, next: 1, path: path, method: "POST")
                slow.milliseconds = 150
                faults.requests = moment.replies == 0 ? [slow] : []
            }
        }
        _ = try await control.writeAsClient("hello", conversation: conversation)
        try await wait("the moment") {
            if moment == .beforeFirst || moment == .duringFirst { return true }
            return await control.waitForMessages(
                moment.replies, kind: .outgoing, conversation: conversation, timeout: .seconds(10))
        }
        if moment.isDuring {
            try await ContinuousClock().sleep(for: .milliseconds(60))
        }
        host.kill()
        simulator.faults.clear()
        try await wait("the platform has noticed") { control.subscriptions == 0 }
        try host.start()
        try await Self.settle(host, control, [conversation: ["hello"]])
        await simulator.stop()
    }

    private static let quiz = """
        bot.on("message.created", function(event, session)
          local answers = {}
          for number = 1, 20 do answers[number] = session:ask("question " .. number) end
          session:reply("done: " .. table.concat(answers, ","))
        end)
        """

    /// Killed when each question stands, and again at once when its answer is written: somewhere between the arrival of
    /// the answer and the next question.
    @Test func killedAroundEveryStepADialogOfTwentyQuestionsAsksEachOnce() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let control = simulator.control
        let configuration = operatorConfiguration(simulator).replacing(
            "request_limit: 400ms", with: "request_limit: 100ms\n    in_doubt: repeat")
        let host = try HostProcess(configuration: configuration, script: Self.quiz)
        try host.start()
        try await wait("the host is connected") { control.subscriptions == 1 }
        let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
        let conversation = try await control.openConversation(session)
        _ = try await control.writeAsClient("start", conversation: conversation)
        for number in 1...20 {
            try await wait("question \(number)") {
                await control.waitForMessages(
                    number, kind: .outgoing, conversation: conversation, timeout: .seconds(10))
            }
            host.kill()
            try host.start()
            try await wait("the host is back") { control.subscriptions == 1 }
            _ = try await control.writeAsClient("a\(number)", conversation: conversation)
            // Each question finds the host a little further on its way.
            try await ContinuousClock().sleep(for: .milliseconds(number % 10))
            host.kill()
            try host.start()
        }
        try await wait("the end") {
            await control.waitForMessages(21, kind: .outgoing, conversation: conversation, timeout: .seconds(10))
        }
        let sent = try await control.messages(of: conversation).filter { $0.kind == .outgoing }.map { $0.content ?? "" }
        let answers = (1...20).map { "a\($0)" }.joined(separator: ",")
        #expect(sent == (1...20).map { "question \($0)" } + ["done: " + answers], "\(host.log)")
        try await wait("the host is up, so that it hears the signal") { control.subscriptions == 1 }
        #expect(host.stop() == 0, "\(host.log)")
        #expect(try host.unknownCount() == 0)
        await simulator.stop()
    }

    @Test func killedAtRandomUnderLoadEveryMessageIsHandledToItsEnd() async throws {
        var configuration = PlatformSimulator.Configuration()
        configuration.faults.limits.messagesPerMinute = 0
        let simulator = try await PlatformSimulator.start(configuration)
        let host = try HostProcess(configuration: operatorConfiguration(simulator), script: Self.script)
        try host.start()
        let control = simulator.control
        try await wait("the host is connected") { control.subscriptions == 1 }
        var conversations: [Int] = []
        for _ in 0..<10 {
            let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
            conversations.append(try await control.openConversation(session))
        }
        var written: [Int: [String]] = [:]
        var random = SystemRandomNumberGenerator()
        for number in 0..<200 {
            let conversation = conversations[number % conversations.count]
            _ = try await control.writeAsClient("m\(number)", conversation: conversation)
            written[conversation, default: []].append("m\(number)")
            if Int.random(in: 0..<25, using: &random) == 0 {
                host.kill()
                try host.start()
            }
        }
        try await Self.settle(host, control, written)
        await simulator.stop()
    }

    /// Waits until each message has its three replies, or the journal lists what is missing as unknown; then checks
    /// that nothing was said twice and that the order held.
    private static func settle(
        _ host: HostProcess, _ control: SimulatorControl, _ written: [Int: [String]]
    ) async throws {
        let expected = written.mapValues { texts in texts.flatMap { text in (1...3).map { "\(text) part \($0)" } } }
        let total = expected.values.reduce(0) { $0 + $1.count }
        var last = -1
        var quietSince = ContinuousClock.now
        try await wait("all is answered, or nothing more comes", seconds: 60) {
            let sent = await control.counters().outgoing
            if sent != last {
                last = sent
                quietSince = ContinuousClock.now
            }
            return sent >= total || ContinuousClock.now - quietSince > .seconds(4)
        }
        try await wait("the host is up, so that it hears the signal") { control.subscriptions == 1 }
        #expect(host.stop() == 0, "\(host.log)")
        var missing = 0
        for (conversation, texts) in expected {
            let sent = try await control.messages(of: conversation).filter { $0.kind == .outgoing }.map {
                $0.content ?? ""
            }
            #expect(Set(sent).count == sent.count, "said twice: \(sent)")
            let order = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0) })
            let positions = sent.compactMap { order[$0] }
            #expect(positions == positions.sorted(), "out of order: \(sent)")
            #expect(positions.count == sent.count)
            missing += texts.count - sent.count
        }
        let unknown = try host.unknownCount()
        #expect(unknown == missing, "\(unknown) unknown, \(missing) missing\n\(host.log)")
    }
}
