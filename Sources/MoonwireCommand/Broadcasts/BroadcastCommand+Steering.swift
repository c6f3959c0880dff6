import ArgumentParser
import Moonwire

/// `moonwire broadcast new`
struct BroadcastNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Makes a draft: reads the audience into the ledger, and sends nothing.",
        discussion: """
            Example:
              moonwire broadcast new autumn --key 2026-10-01

            A draft whose audience could not be read stays a draft, and status says why. Mend it, and give the same order \
            once more: the draft is made as the script has it then. Only start sends.
            """)

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.order(BroadcastOrder(action: .new, name: broadcast.name, key: broadcast.key))
    }
}

/// `moonwire broadcast start`
struct BroadcastStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts a broadcast, or its draft. The key is today's date unless one is given.",
        discussion: "Example:\n  moonwire broadcast start autumn --key 2026-10-01 --follow")

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    @Flag(help: "Show how far it has come until it is over or paused.")
    var follow = false

    func run() async throws {
        try await control.order(BroadcastOrder(action: .start, name: broadcast.name, key: broadcast.key))
        if follow { try await LedgerAccess(config: control.config).follow(broadcast, json: control.json) }
    }
}

/// `moonwire broadcast pause`
struct BroadcastPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stops a broadcast; messages that are under way end.",
        discussion: "Example:\n  moonwire broadcast pause autumn")

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.order(BroadcastOrder(action: .pause, name: broadcast.name, key: broadcast.key))
    }
}

/// `moonwire broadcast resume`
struct BroadcastResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Goes on with a broadcast that is paused, or asks again for an audience that failed.",
        discussion: """
            Example:
              moonwire broadcast resume autumn

            After a stop_if the rates count anew from here. A draft stays a draft: start sends it.
            """)

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.order(BroadcastOrder(action: .resume, name: broadcast.name, key: broadcast.key))
    }
}

/// `moonwire broadcast cancel`
struct BroadcastCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Gives a broadcast up: who has not had a turn is skipped.",
        discussion: "Example:\n  moonwire broadcast cancel autumn")

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.order(BroadcastOrder(action: .cancel, name: broadcast.name, key: broadcast.key))
    }
}

/// `moonwire broadcast delete`
struct BroadcastDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Removes the rows of a broadcast that is over. Its key stays taken.",
        discussion: "Example:\n  moonwire broadcast delete autumn --key 2026-10-01")

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.order(BroadcastOrder(action: .delete, name: broadcast.name, key: broadcast.key)) { _, _ in
            "deleted"
        }
    }
}

/// `moonwire broadcast retry`
struct BroadcastRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Gives those another turn whose message certainly did not arrive.",
        discussion: "Example:\n  moonwire broadcast retry autumn")

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    func run() async throws {
        try await control.order(BroadcastOrder(action: .retry, name: broadcast.name, key: broadcast.key))
    }
}

/// `moonwire broadcast resolve`
struct BroadcastResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Decides about recipients of whom nobody can tell whether they got the message.",
        discussion: """
            Example:
              moonwire broadcast report autumn --state unknown
              moonwire broadcast resolve autumn --address phone:+966500000001 --as sent

            Without --address the decision is about all of them. Before --as retry, which may send a message a
            second time, it asks.
            """)

    enum Decision: String, ExpressibleByArgument, CaseIterable { case sent, failed, retry }

    @OptionGroup var broadcast: BroadcastOptions
    @OptionGroup var control: ControlOptions

    @Option(name: .customLong("as"), help: "sent, failed, or retry, which may send it a second time.")
    var decision: Decision

    @Option(help: "One recipient, as the report names it.")
    var address: String?

    @Flag(help: "Do not ask.")
    var yes = false

    func run() async throws {
        guard try await isWanted() else { return }
        try await control.order(
            BroadcastOrder(
                action: .resolve, name: broadcast.name, key: broadcast.key, address: address,
                decision: decision.rawValue))
    }

    private func isWanted() async throws -> Bool {
        guard decision == .retry, !yes else { return true }
        let unknown = try await LedgerAccess(config: control.config).record(broadcast).counts.unknown
        guard unknown > 0 else { return true }
        let whom = address ?? (unknown == 1 ? "1 recipient" : "\(unknown) recipients")
        return try Confirmation.ask(
            "\(whom) may get the message a second time.", "Send it again?", otherwise: "nothing is sent")
    }
}
