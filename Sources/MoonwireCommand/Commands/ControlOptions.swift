import ArgumentParser
import MoonwireConfiguration

/// What commands that speak to a running host have in common.
struct ControlOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file of the host.")
    var config = "moonwire.yaml"

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    /// Asks the host, prints its answer, and ends with the exit code that belongs to it.
    ///
    /// - Parameter describe: the answer for a person; `nil` for one that does not fit the request.
    func ask(_ request: ControlRequest, describe: (ControlResponse, Terminal) -> String?) async throws {
        try show(try await send(request), describe: describe)
    }

    /// Asks the host.
    func send(_ request: ControlRequest) async throws -> ControlResponse {
        let journal = try Complaint.wrongInput { try HostConfiguration.loadJournal(path: config) }
        do {
            return try await ControlClient(journal: journal.path, configuration: config).send(request)
        } catch {
            if json { Terminal(.output).line(Self.text(ControlResponse(error))) }
            throw Complaint.failed(error)
        }
    }

    /// Prints a host's answer, and ends with the exit code that belongs to it.
    func show(_ response: ControlResponse, describe: (ControlResponse, Terminal) -> String?) throws {
        let output = Terminal(.output)
        if json {
            output.line(Self.text(response))
        } else if case .failure(let message, let isWrongInput) = response {
            let code = Complaint.failed(HostError(message))
            throw isWrongInput ? Exit.wrongInput : code
        } else if let text = describe(response, output) {
            output.line(text)
        } else {
            throw Complaint.failed(HostError("the host answered something else; is it another release of moonwire?"))
        }
        if case .failure(_, isWrongInput: true) = response { throw Exit.wrongInput }
        if !response.isOK { throw Exit.failed }
    }

    private static func text(_ response: ControlResponse) -> String {
        String(decoding: response.line, as: UTF8.self)
    }
}
