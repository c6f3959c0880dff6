import Foundation

/// The lines of standard input, read by a thread of their own: a blocking read must not hold a task's thread.
enum InputLines {
    static func stream() -> AsyncStream<String> {
        AsyncStream { continuation in
            let thread = Thread {
                while let line = readLine(strippingNewline: true) {
                    if case .terminated = continuation.yield(line) { return }
                }
                continuation.finish()
            }
            thread.start()
        }
    }
}
