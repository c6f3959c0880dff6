import Foundation
import NIOCore
import NIOPosix

#if canImport(CDispatch)
    // Holds "stat" when everything is compiled at once.
    import CDispatch
#endif

/// One request to a running host, for a command.
struct ControlClient: Sendable {
    let journal: String
    let configuration: String
    private let paths: [String]

    /// - Parameters:
    ///   - journal: The path of the host's journal.
    ///   - configuration: The configuration file, for what a person is told.
    init(journal: String, configuration: String, paths: [String]? = nil) {
        self.journal = journal
        self.configuration = configuration
        self.paths = paths ?? ControlPath.candidates(journal: journal)
    }

    /// - Throws: `HostError`, also when no host is running. A host's own refusal is a response.
    func send(_ request: ControlRequest) async throws(HostError) -> ControlResponse {
        let channel: ControlChannel
        do throws(Absence) {
            channel = try await connect()
        } catch {
            throw complaint(error)
        }
        let line = ControlCoding.line(of: request)
        let answer: [UInt8]?
        do {
            answer = try await channel.executeThenClose { responses, requests in
                try await requests.write(line)
                for try await line in responses { return line }
                return nil
            }
        } catch {
            throw HostError("the host on the journal \(journal) went away before it answered: \(error)")
        }
        guard let answer else { throw HostError("the host on the journal \(journal) went away before it answered") }
        return try ControlResponse(line: answer)
    }

    /// Whether a host works on the journal, be it another user's.
    func isHostRunning() async -> Bool {
        do throws(Absence) {
            let channel = try await connect()
            try? await channel.executeThenClose { _, _ in }
            return true
        } catch {
            return error == .anotherUser
        }
    }

    private enum Absence: Error { case nobody, anotherUser }

    private func connect() async throws(Absence) -> ControlChannel {
        for path in paths where Self.isTrusted(path, journal: journal) {
            do {
                return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .connectTimeout(.seconds(5))
                    .connect(unixDomainSocketPath: path) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try ControlPipeline.configure(channel, limit: ControlCoding.responseLimit)
                        }
                    }
            } catch let error as IOError where error.errnoCode == EACCES || error.errnoCode == EPERM {
                throw .anotherUser
            } catch {
                // Refused: a host that was killed left the file behind.
                continue
            }
        }
        throw .nobody
    }

    private func complaint(_ absence: Absence) -> HostError {
        switch absence {
        case .nobody:
            HostError("no host is running on the journal \(journal); start it with moonwire run -c \(configuration)")
        case .anotherUser:
            HostError("the host on the journal \(journal) belongs to another user; run this as that user")
        }
    }

    /// Whether the socket is the work of whoever owns the journal: anyone may put a file into a folder for temporary
    /// files.
    private static func isTrusted(_ path: String, journal: String) -> Bool {
        var (socket, file) = (stat(), stat())
        guard lstat(path, &socket) == 0 else { return false }
        return socket.st_uid == geteuid() || (stat(journal, &file) == 0 && socket.st_uid == file.st_uid)
    }
}
