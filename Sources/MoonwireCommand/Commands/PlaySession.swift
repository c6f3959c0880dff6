import EventJSON
import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireScripts
import PlatformSimulator
import Synchronization

/// One game of `moonwire play`: a client in the terminal, the script on an operator's seat, the simulator between.
final class PlaySession: Sendable {
    private let simulator: PlatformSimulator
    private let section: HostConfiguration.ScriptSection
    private let channel: String
    private let showsSteps: Bool
    private let output = Terminal(.output)
    /// The buttons of the last message, which a number answers.
    private let choices = Mutex<[QuickReply]>([])
    private let isInteractive: Bool

    init(simulator: PlatformSimulator, section: HostConfiguration.ScriptSection, channel: String, showsSteps: Bool) {
        self.simulator = simulator
        self.section = section
        self.channel = channel
        self.showsSteps = showsSteps
        isInteractive = Terminal(.output).isTerminal
    }

    func run() async throws {
        let output = output
        let host = try Host(
            configuration, logs: logs, observer: observer, journal: MemoryJournal(), reloads: tell,
            onReplayDifference: { output.line(output.colour("\($0)", .yellow)) })
        let client = try await simulator.control.createSession(inbox: DemoWorld.bevatelInboxIdentifier, name: "You")
        let conversation = try await simulator.control.openConversation(client)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run(watches: true) }
            group.addTask { await self.printReplies(conversation) }
            group.addTask {
                guard await self.waitUntilConnected() else {
                    throw HostError("the script's seat could not connect to the simulator")
                }
                try await self.readInput(conversation, host.engine)
                throw CancellationError()
            }
            defer { group.cancelAll() }
            do { try await group.next() } catch is CancellationError {}
        }
    }

    private var configuration: HostConfiguration {
        var configuration = HostConfiguration()
        configuration.scripts = [section]
        var delivery = DeliveryPolicy()
        delivery.requestLimit = .seconds(2)
        configuration.channels = [
            ChannelSection(
                name: channel, platform: .bevatel, role: .operator, origin: simulator.url, delivery: delivery,
                seat: .operator(
                    ChannelSection.OperatorSeat(
                        account: DemoWorld.accountID, token: Secret(DemoWorld.moonwireAccessToken))))
        ]
        return configuration
    }

    private var logs: LogSetup {
        var section = HostConfiguration.LogSection()
        section.level = .warning
        return LogSetup(section: section)
    }

    private var observer: EngineObserver {
        let output = output
        let showsSteps = showsSteps
        return EngineObserver { notice in
            switch notice {
            case .scriptFailed(_, let failure): output.line(output.colour("script failed: \(failure)", .red))
            case .handlerSkipped(_, let failure): output.line(output.colour("where failed: \(failure)", .red))
            case .fateUnknown(_, _, let message): output.line(output.colour(message, .red))
            case .loopStopped: output.line(output.colour("the loop guard stopped the session", .red))
            case .unmatched(let event) where event.name == "message.created" && event.from == .client:
                output.line(
                    output.colour(
                        "no handler wants this; one could be:\n"
                            + "  bot.on(\"message.created\", function(event, session)\n"
                            + "    session:reply(\"…\")\n  end)", .grey))
            case .stepped(_, let request, let number) where showsSteps:
                output.line(
                    output.colour(
                        "  step \(number) \(request.kind)\(request.arguments.text) (\(request.location))", .grey))
            case .replayDiffered(_, let message): output.line(output.colour(message, .red))
            default: break
            }
        }
    }

    private func waitUntilConnected() async -> Bool {
        for _ in 0..<500 {
            if simulator.control.subscriptions > 0 { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    private func readInput(_ conversation: Int, _ engine: Engine) async throws {
        if isInteractive { output.line(output.colour("Connected. Write as the client; /quit ends.", .grey)) }
        for await line in InputLines.stream() {
            if line == "/quit" { break }
            guard !line.trimmingCharacters(in: .whitespaces).isEmpty else { continue }
            let choices = choices.withLock { $0 }
            let text =
                Int(line).flatMap {
                    $0 > 0 && $0 <= choices.count ? choices[$0 - 1].title : nil
                } ?? line
            if !isInteractive { output.line("client  \(text)") }
            _ = try await simulator.control.writeAsClient(text, conversation: conversation)
            try await settle(engine)
        }
        try await settle(engine)
    }

    /// Waits until the script has nothing in hand: what is typed next is then an answer to what can be seen.
    private func settle(_ engine: Engine) async throws {
        guard !isInteractive else { return }
        var quiet = 0
        while quiet < 10 {
            try await Task.sleep(for: .milliseconds(30))
            let status = await engine.status()
            quiet = status.executing == 0 && status.queued == 0 ? quiet + 1 : 0
        }
    }

    private func printReplies(_ conversation: Int) async {
        var last = 0
        while !Task.isCancelled {
            let messages = (try? await simulator.control.messages(of: conversation)) ?? []
            for message in messages where message.id > last {
                last = message.id
                show(message)
            }
            try? await Task.sleep(for: .milliseconds(40))
        }
    }

    private func show(_ message: MessageSnapshot) {
        guard message.kind != .incoming else { return }
        guard message.kind != .activity else {
            output.line(output.colour("        \(message.content ?? "")", .grey))
            return
        }
        let label = message.isPrivate ? output.colour("note    ", .yellow) : output.colour("bot     ", .green)
        output.line(label + (message.content ?? ""))
        for name in message.attachments { output.line("        [\(name)]") }
        let items = (try? JSON(parsing: message.contentAttributes))?["items"]?.elements ?? []
        let replies = items.compactMap { item in
            item["title"]?.string.map { QuickReply(title: $0, value: item["value"]?.string ?? $0) }
        }
        for (index, reply) in replies.enumerated() {
            output.line("        \(output.colour("\(index + 1)", .cyan)) \(reply.title)")
        }
        choices.withLock { $0 = replies }
    }

    private func tell(_ reload: ScriptReload) {
        switch reload.outcome {
        case .failed: output.line(output.colour("not reloaded: \(reload.error ?? reload.script)", .red))
        case .live: output.line(output.colour("reloaded", .grey))
        case .removed, .unchanged: break
        }
    }
}
