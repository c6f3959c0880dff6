import Foundation

/// A command of the built program that runs until it is told to end, such as `record`.
///
/// `@unchecked Sendable`: `process` is set once, before anyone else can see it.
final class BackgroundCommand: @unchecked Sendable {
    private let process: Process
    private let printed: URL

    /// Starts it; what it prints and logs goes to files in the folder.
    init(_ arguments: [String], in folder: URL, name: String) throws {
        process = try HostProcess.make(arguments)
        printed = folder.appendingPathComponent("\(name).out")
        let log = folder.appendingPathComponent("\(name).log")
        for file in [printed, log] { try Data().write(to: file) }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: printed)
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        _ = process.waitForEnd()
    }

    /// What it has printed.
    var text: String { (try? String(contentsOf: printed, encoding: .utf8)) ?? "" }

    /// What it has printed, a JSON object; nil as long as that is not complete.
    var object: [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    }

    /// Asks it to end, and gives its exit code.
    func stop() -> Int32 {
        if process.isRunning { process.terminate() }
        return process.waitForEnd()
    }
}
