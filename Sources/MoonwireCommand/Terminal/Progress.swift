/// How far long work has come, on standard error, and only where a person watches.
struct Progress: Sendable {
    private let terminal = Terminal(.error)
    private let what: String

    init(_ what: String) {
        self.what = what
    }

    func show(_ count: Int) {
        guard terminal.isTerminal else { return }
        terminal.write("\r\(count) \(what)")
    }

    /// Wipes the line.
    func end() {
        guard terminal.isTerminal else { return }
        terminal.write("\r\u{1B}[K")
    }
}
