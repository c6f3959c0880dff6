import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where text for people goes. Colour only on a terminal, and never when `NO_COLOR` is set.
struct Terminal: Sendable {
    enum Stream: Sendable { case output, error }
    enum Colour: String { case grey = "90", red = "31", green = "32", yellow = "33", blue = "34", cyan = "36" }

    let stream: Stream
    let isTerminal: Bool
    private let hasColour: Bool

    init(_ stream: Stream) {
        self.stream = stream
        isTerminal = isatty(stream == .output ? STDOUT_FILENO : STDERR_FILENO) == 1
        let environment = ProcessInfo.processInfo.environment
        hasColour = isTerminal && environment["NO_COLOR"]?.isEmpty != false && environment["TERM"] != "dumb"
    }

    /// How many characters fit on a line; `nil` where nobody can tell.
    var columns: Int? {
        var size = winsize()
        guard isTerminal, ioctl(stream == .output ? STDOUT_FILENO : STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return nil }
        return Int(size.ws_col)
    }

    /// Whether a person can be asked.
    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    func colour(_ text: String, _ colour: Colour) -> String {
        hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    func line(_ text: String) {
        write(text + "\n")
    }

    func write(_ text: String) {
        let handle = stream == .output ? FileHandle.standardOutput : FileHandle.standardError
        // A reader that has gone away is no reason to fail.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
