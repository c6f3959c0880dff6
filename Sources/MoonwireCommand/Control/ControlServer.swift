import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Listens on a host's control socket and answers its requests, several connections at a time.
///
/// Knows the wire, and nothing of what a request does. What comes is limited in size and time; what makes no sense is
/// answered with a sentence.
final class ControlServer: Sendable {
    private let paths: [String]
    private let patience: TimeAmount
    private let logger: Logger
    private let answer: @Sendable (ControlRequest) async -> ControlResponse
    private let open = Atomic(0)
    private static let maxConnections = 32

    /// - Parameters:
    ///   - paths: Where to listen; the first that can be had.
    ///   - patience: How long a connection may take to bring a request.
    init(
        paths: [String], patience: TimeAmount = .seconds(30), logger: Logger,
        answer: @escaping @Sendable (ControlRequest) async -> ControlResponse
    ) {
        self.paths = paths
        self.patience = patience
        self.logger = logger
        self.answer = answer
    }

    /// Listens until cancelled; removes the socket's file at the end. A host that cannot listen runs all the same.
    ///
    /// - Parameter ready: called once clients can connect.
    func run(ready: @Sendable () -> Void = {}) async {
        var failure = HostError("no path is short enough for a control socket; give the journal a shorter one")
        for path in paths where !Task.isCancelled {
            do {
                let listener = try ControlListener(path: path)
                defer { listener.remove() }
                try await listen(listener, ready)
                return
            } catch let error as HostError {
                failure = error
            } catch {
                if Task.isCancelled { return }
                failure = HostError("the control socket \(path) failed: \(error)")
            }
        }
        guard !Task.isCancelled else { return }
        logger.error(
            "Commands cannot reach this host: reload, scripts, rollback, retire and changes of jobs will not work",
            metadata: ["error": "\(failure)"])
    }

    private func listen(_ listener: ControlListener, _ ready: @Sendable () -> Void) async throws {
        let limit = ControlCoding.requestLimit
        let patience = patience
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(listener.descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ControlPipeline.configure(channel, limit: limit, deadline: patience)
                }
            }
        try await server.executeThenClose { clients in
            ready()
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients { group.addTask { await self.serve(client) } }
            }
        }
    }

    private func serve(_ client: ControlChannel) async {
        let count = open.add(1, ordering: .relaxed).newValue
        defer { open.subtract(1, ordering: .relaxed) }
        // A client that goes away in the middle is no error of anyone.
        try? await client.executeThenClose { requests, responses in
            guard count <= Self.maxConnections else {
                try await responses.write(
                    ControlResponse.failure(message: "too many connections; try again", isWrongInput: false).line)
                return
            }
            do {
                for try await line in requests { try await responses.write(await self.response(to: line).line) }
            } catch is ControlLineDecoder.TooLong {
                let message = "a request has at most \(ControlCoding.requestLimit >> 10) KiB"
                try await responses.write(ControlResponse.failure(message: message, isWrongInput: true).line)
            }
        }
    }

    private func response(to line: [UInt8]) async -> ControlResponse {
        do throws(HostError) {
            return await answer(try ControlRequest(line: line))
        } catch {
            return ControlResponse(error)
        }
    }
}
