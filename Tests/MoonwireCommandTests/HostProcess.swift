import Foundation
import PlatformSimulator

/// The built program in a process of its own, which a test can kill.
///
/// `@unchecked Sendable`: `process` is replaced only by `start`, which a test calls from one task at a time.
final class HostProcess: @unchecked Sendable {
    static var binary: String? { ProcessInfo.processInfo.environment["MOONWIRE_BINARY"] }

    let folder: URL
    private var process = Process()

    /// - Parameters:
    ///   - configuration: The file's text; its journal is `host.journal` in the folder.
    ///   - script: Written as `bot.lua`.
    init(configuration: String, script: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("moonwire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try configuration.write(
            to: folder.appendingPathComponent("moonwire.yaml"), atomically: true, encoding: .utf8)
        try script.write(to: folder.appendingPathComponent("bot.lua"), atomically: true, encoding: .utf8)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    func start(_ options: [String] = []) throws {
        process = try Self.make(["run", "--config", folder.appendingPathComponent("moonwire.yaml").path] + options)
        let log = folder.appendingPathComponent("log")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: log)
        handle.seekToEndOfFile()
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
    }

    /// Ends the process at once, as a crash or the kernel would.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        _ = process.waitForEnd()
    }

    /// Asks the process to stop, and gives its exit code.
    func stop() -> Int32 {
        guard process.isRunning else { return process.terminationStatus }
        process.terminate()
        return process.waitForEnd()
    }

    var identifier: Int32 { process.processIdentifier }

    /// Writes the script as editors do: beside it, then over it.
    func write(_ script: String, as name: String = "bot.lua") throws {
        try script.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    /// Runs a command against this host's configuration.
    func command(_ arguments: String...) throws -> (text: String, errors: String, status: Int32) {
        try Self.output(arguments + ["--config", folder.appendingPathComponent("moonwire.yaml").path])
    }

    var log: String { (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

    /// How many effects the journal lists as unknown.
    func unknownCount() throws -> Int {
        let output = try Self.output([
            "journal", "--json", "--path", folder.appendingPathComponent("host.journal").path,
        ]).text
        let tree = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return (tree?["unknown"] as? [Any])?.count ?? -1
    }

    /// Runs the program to its end.
    static func output(
        _ arguments: [String], in folder: URL? = nil
    ) throws -> (text: String, errors: String, status: Int32) {
        let process = try make(arguments)
        if let folder { process.currentDirectoryURL = folder }
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        let status = process.waitForEnd()
        return (String(decoding: text, as: UTF8.self), String(decoding: complaints, as: UTF8.self), status)
    }

    /// The program, not started yet.
    static func make(_ arguments: [String]) throws -> Process {
        guard let binary else { throw NoBinary() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = arguments
        return process
    }

    struct NoBinary: Error {}
}

/// A configuration for the simulator's demo world.
func operatorConfiguration(_ simulator: PlatformSimulator, extra: String = "") -> String {
    """
    journal: { path: host.journal }
    engine: { loop_guard: 100000 }
    log: { level: warning, format: json }
    channels:
      desk:
        platform: bevatel
        role: operator
        origin: \(simulator.url)
        account: \(DemoWorld.accountID)
        token: \(DemoWorld.moonwireAccessToken)
        inboxes: [Bevatel]
        rate: 100000/s
        burst: 100000
        request_limit: 400ms
    \(extra)
    scripts: [bot.lua]
    """
}

struct TimedOut: Error, CustomStringConvertible {
    let what: String
    var description: String { "waited in vain until \(what)" }
}

/// Waits for a fact that comes from another process.
func wait(
    _ what: String, seconds: Double = 90, isolation: isolated (any Actor)? = #isolation,
    until fact: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if try await fact() { return }
        try await ContinuousClock().sleep(for: .milliseconds(5))
    }
    throw TimedOut(what: what)
}
