import ArgumentParser

/// Says what is wrong on standard error, once, and gives the exit code for it.
enum Complaint {
    /// Runs what reads a person's input; what it throws ends the command with exit code 2.
    static func wrongInput<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            say(error)
            throw Exit.wrongInput
        }
    }

    /// For input that turned out to be wrong on the way.
    static func wrongInput(_ error: any Error) -> ExitCode {
        say(error)
        return Exit.wrongInput
    }

    /// For what went wrong while running.
    static func failed(_ error: any Error) -> ExitCode {
        say(error)
        return Exit.failed
    }

    private static func say(_ error: any Error) {
        let terminal = Terminal(.error)
        terminal.line(terminal.colour("error: ", .red) + "\(error)")
    }
}
