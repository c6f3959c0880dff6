import Glibc
import Synchronization

/// A program started from the search path, with pipes to its input and from its output.
///
/// Foundation's `Process` leaks a little with each run, which a leak detector rightly reports.
struct ChildProcess {
    struct Failure: Error {}

    let output: Int32
    private let input: Int32
    private let identifier: pid_t

    init(_ arguments: [String]) throws {
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        var identifier: pid_t = 0
        // One at a time: a child that inherits another's pipe would keep it open.
        let result: Int32 = try Self.turn.withLock { _ in
            guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw Failure() }
            for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return Self.spawn(arguments, toChild[0], fromChild[1], &identifier)
        }
        close(toChild[0])
        close(fromChild[1])
        input = toChild[1]
        output = fromChild[0]
        self.identifier = identifier
        guard result == 0 else {
            close(input)
            close(output)
            throw Failure()
        }
    }

    private static let turn = Mutex(())

    private static func spawn(
        _ arguments: [String], _ input: Int32, _ output: Int32, _ identifier: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        return posix_spawnp(&identifier, arguments[0], &actions, nil, &words, environ)
    }

    func readLine() -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    /// Ends the program's input and waits for its end; the exit status.
    func finish() -> Int32 {
        close(input)
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {}
        close(output)
        var status: Int32 = 0
        waitpid(identifier, &status, 0)
        return status
    }
}
