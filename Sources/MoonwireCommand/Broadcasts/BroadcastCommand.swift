import ArgumentParser
import Moonwire

/// `moonwire broadcast`: one message each to many people, and who got it.
struct BroadcastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadcast", abstract: "Prepares, starts, steers and reports broadcasts.",
        discussion: """
            Examples:
              moonwire broadcast preview autumn                 # the first messages, sent to nobody
              moonwire broadcast test autumn --to phone=+966500000001 --to name=Aisha
              moonwire broadcast start autumn --key 2026-10-01 --follow
              moonwire broadcast report autumn --state failed > failed.csv

            list, status and report read the journal, whether a host runs or not; the others speak to the running \
            host. The same key twice is one broadcast.
            """,
        subcommands: [
            BroadcastListCommand.self, BroadcastNewCommand.self, BroadcastPreviewCommand.self,
            BroadcastTestCommand.self, BroadcastStartCommand.self, BroadcastStatusCommand.self,
            BroadcastPauseCommand.self, BroadcastResumeCommand.self, BroadcastCancelCommand.self,
            BroadcastRetryCommand.self, BroadcastResolveCommand.self, BroadcastReportCommand.self,
            BroadcastDeleteCommand.self,
        ])
}

extension ControlOptions {
    /// Gives an order to the running host and prints how the broadcast stands then.
    func order(
        _ order: BroadcastOrder, describe: @escaping (BroadcastAnswer, Terminal) -> String? = Self.describeFigures
    ) async throws {
        try await ask(.broadcast(order)) { response, output in
            guard case .broadcast(let answer) = response else { return nil }
            return describe(answer, output)
        }
    }

    static func describeFigures(_ answer: BroadcastAnswer, _ output: Terminal) -> String? {
        guard let figures = answer.figures else { return "done" }
        var lines: [String] = []
        if answer.readsAgain == true {
            lines.append("the draft was there already; its audience is read again")
        } else if answer.created == false {
            lines.append("it was there already: the same key twice is one broadcast")
        }
        if let changed = answer.changed { lines.append("\(changed) changed") }
        lines.append(figures.text(output))
        return lines.joined(separator: "\n")
    }
}

extension BroadcastStatus {
    func text(_ output: Terminal, waitingFor wait: String? = nil) -> String {
        figures.text(output, waitingFor: wait)
    }
}

extension BroadcastFigures {
    /// - Parameter wait: Why nothing is sent for the moment.
    func text(_ output: Terminal, waitingFor wait: String? = nil) -> String {
        let state =
            output.colour(state, BroadcastProgress.colour(of: state)) + ((reason ?? wait).map { " (\($0))" } ?? "")
        let size = complete ? "\(audience) recipients" : "\(audience) recipients so far"
        return """
            \(output.colour(name, .cyan)) \(key): \(state), \(size) on \(channel)
              sent \(sent)  skipped \(skipped)  failed \(failed)  unknown \(unknown)  pending \(pending)  \
            under way \(claimed)
              rows rejected \(rejected)  duplicates \(duplicates)  opted out since \(optOuts)
            """ + (Self.reading(encoding, delimiter).map { "\n  file \($0)" } ?? "")
    }

    /// How a file was read: what was not said in the script has been found out.
    static func reading(_ encoding: String?, _ delimiter: String?) -> String? {
        guard let encoding, let delimiter else { return nil }
        return "read as \(encoding), delimited by \(delimiter)"
    }
}
