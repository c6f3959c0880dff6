import Foundation
import Logging
import Moonwire
import NIOCore
import NIOEmbedded
import Testing

@testable import MoonwireServer

/// More connections than there is room for.
struct CrowdTests {
    private static let request = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Whether another connection is let in.
    private func isLetIn(_ server: RunningServer) async throws -> Bool {
        try await Wire.open(port: server.port) { wire in
            try? await wire.send(Self.request)
            return (try? await wire.answer().status) == 200
        }
    }

    @Test func oneAddressDoesNotTakeTheConnectionsOfAll() async throws {
        let log = LogBook()
        try await withServer([EchoRoute()], log: log, settings: { $0.limits.connectionsPerAddress = 1 }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(Self.request)
                let status = try await wire.answer().status
                #expect(status == 200)
                for _ in 0..<3 {
                    let isAnother = try await isLetIn(server)
                    #expect(!isAnother)
                }
            }
            // Whoever leaves makes room.
            while try await !isLetIn(server) {}
        }
        let lines = log.all.filter { $0.hasPrefix("Connections are refused") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("request.from=127.0.0.1 server.connections_per_address=1") == true)
    }

    @Test func aTrustedProxySpeaksForMany() async throws {
        try await withServer(
            [EchoRoute()],
            settings: {
                $0.limits.connectionsPerAddress = 1
                $0.trustedProxies = [AddressRange("127.0.0.0/8")].compactMap(\.self)
            }
        ) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(Self.request)
                let status = try await wire.answer().status
                #expect(status == 200)
                let isAnother = try await isLetIn(server)
                #expect(isAnother)
            }
        }
    }

    @Test func aNetworkOfIPv6IsOnePeer() throws {
        func peer(_ address: String) throws -> Census.Peer { try #require(Census.Peer(address)) }
        #expect(try peer("2001:db8:1:2::1") == peer("2001:db8:1:2:ffff::9"))
        #expect(try peer("2001:db8:1:2::1") != peer("2001:db8:1:3::1"))
        #expect(try peer("::ffff:192.0.2.1") == peer("192.0.2.1"))
        #expect(try peer("192.0.2.2") != peer("192.0.2.1"))
        #expect(Census.Peer("nowhere") == nil)
    }

    @Test func aCrowdIsToldOfOnceAMinute() throws {
        let census = Census(limit: 2)
        let peer = try #require(Census.Peer("192.0.2.1"))
        let now = ContinuousClock.now
        #expect(census.enter(peer) && census.enter(peer) && !census.enter(peer))
        #expect(census.news(at: now) == 1)
        #expect(!census.enter(peer) && !census.enter(peer))
        #expect(census.news(at: now + .seconds(59)) == nil)
        #expect(census.news(at: now + .seconds(60)) == 2)
        census.leave(peer)
        #expect(census.enter(peer) && !census.enter(peer))
    }

    @Test(
        arguments: [
            (1024, false, 768), (1024, true, 384), (256, false, 192), (100, false, 36), (32, false, 1),
            (1 << 20, true, 1024), (nil, false, 1024),
        ] as [(Int?, Bool, Int)])
    func connectionsLeaveTheHostItsFiles(files: Int?, isPrivate: Bool, connections: Int) {
        let log = LogBook()
        var settings = ServerSettings(listen: .init(host: "127.0.0.1", port: 0))
        if isPrivate { settings.privateListen = .init(host: "127.0.0.1", port: 0) }
        let fitting = WebServer.fitting(settings, files: files, logger: log.logger)
        #expect(fitting.limits.connections == connections)
        #expect(log.all.count == (connections < 1024 ? 1 : 0))
    }

    @Test func aPortRestsWhenNoFileCanBeOpened() throws {
        final class Reads: ChannelOutboundHandler {
            typealias OutboundIn = Never
            var count = 0
            func read(context: ChannelHandlerContext) { count += 1 }
        }
        let log = LogBook()
        let reads = Reads()
        let pause = AcceptPause { error in log.logger.info("\(error.errnoCode)") }
        let channel = EmbeddedChannel(handlers: [reads, pause])
        var readsByItself: Bool? {
            channel.options.compactMap { $0.option is ChannelOptions.Types.AutoReadOption ? $0.value as? Bool : nil }
                .last
        }
        channel.read()
        #expect(reads.count == 1)
        for _ in 0..<3 { channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept")) }
        #expect(readsByItself == false)
        channel.read()
        #expect(reads.count == 1)
        #expect(log.all.count == 1)
        channel.embeddedEventLoop.advanceTime(by: AcceptPause.length)
        #expect(readsByItself == true)
        channel.read()
        #expect(reads.count == 2)
        // It may be short of files again.
        channel.pipeline.fireErrorCaught(IOError(errnoCode: ENFILE, reason: "accept"))
        #expect(readsByItself == false && log.all.count == 2)
        // What is no shortage is somebody else's.
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EBADF, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
