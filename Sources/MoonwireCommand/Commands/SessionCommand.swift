import ArgumentParser
import EventJSON
import Moonwire

/// `moonwire session`: what happened in one conversation.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Prints a session's life: events, runs, steps, outcomes. The host may run.",
        discussion: """
            Example:
              moonwire session desk 118 --since 24h
              moonwire session desk/118 --json | jq .runs

            Exit codes: 0 done, 1 the journal cannot be read or has nothing of the session, 2 the configuration is wrong.
            """)

    @Argument(help: "The channel, or CHANNEL/ID as other commands print a session.")
    var channel: String

    @Argument(help: "The platform's id of the session.")
    var id: String?

    @OptionGroup var journal: JournalOptions

    @Option(help: "Only what happened since: 90m, 24h, 7d, or 2026-11-21T16:00:00Z.")
    var since: PastTime?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    private var session: SessionID {
        if let id { return SessionID(channel: ChannelID(channel), id: id) }
        let parts = channel.split(separator: "/", maxSplits: 1)
        return SessionID(
            channel: ChannelID(parts.first.map(String.init) ?? ""), id: parts.count == 2 ? String(parts[1]) : "")
    }

    func run() async throws {
        let (reader, session) = (try journal.open(), session)
        let life: SessionLife
        do {
            life = try await reader.life(of: session, since: since?.instant ?? Instant(rawValue: 0))
        } catch {
            throw Complaint.failed(error)
        }
        guard !life.isEmpty else {
            throw Complaint.failed(
                HostError("the journal has nothing of session \(session)\(since == nil ? "" : " since then")"))
        }
        let output = Terminal(.output)
        guard !json else {
            output.line(String(decoding: Self.encode(session, life).bytes, as: UTF8.self))
            return
        }
        for line in SessionText(session: session, life: life, time: LocalTime()).lines(output.colour) {
            output.line(line)
        }
    }

    private static func encode(_ session: SessionID, _ life: SessionLife) -> JSON {
        [
            "session": .string("\(session)"), "events": .array(life.events.map(HistoryJSON.event)),
            "runs": .array(life.runs.map(HistoryJSON.run)), "dead": .array(life.deadLetters.map(HistoryJSON.letter)),
            "pause": life.pause.map(HistoryJSON.pause) ?? .null,
        ]
    }
}
