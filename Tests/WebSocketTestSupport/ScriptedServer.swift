import NIOCore
import NIOPosix
public import NIOSSL
import Synchronization

/// A server on a free port of this machine that plays a script for each connection, byte by byte.
public enum ScriptedServer {
    /// Runs the server for as long as `body` takes. `script` gets each connection and its number, from 0.
    ///
    /// An error of the script ends that connection only: what went wrong shows at the client.
    public static func run<Result: Sendable>(
        tls: NIOSSLContext? = nil,
        script: @escaping @Sendable (inout ServerPeer, Int) async throws -> Void,
        body: @escaping @Sendable (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    return channel
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try? await accept(server, script)
                return nil
            }
            group.addTask { try await body(port) }
            while let result = try await group.next() {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            throw CancellationError()
        }
    }

    private static func accept(
        _ server: NIOAsyncChannel<any Channel, Never>,
        _ script: @escaping @Sendable (inout ServerPeer, Int) async throws -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { inbound in
                var number = 0
                for try await channel in inbound {
                    let current = number
                    number += 1
                    group.addTask {
                        // Wrapped only here: a wrapped connection that nobody serves any more would trap.
                        let wrapped = try? await channel.eventLoop.submit {
                            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                        }.get()
                        guard let connection = wrapped else { return }
                        channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                        try? await connection.executeThenClose { inbound, outbound in
                            var peer = ServerPeer(
                                channel: connection.channel, inbound: inbound.makeAsyncIterator(), outbound: outbound)
                            try await script(&peer, current)
                        }
                    }
                }
            }
        }
    }
}
