import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import MoonwireServer

struct UnservedTests {
    /// As when the listener is closed at the moment of an accept. NIO ends the process of whoever does this wrong.
    @Test func aConnectionThatNobodyServesEndsQuietly() async throws {
        let channel = NIOAsyncTestingChannel()
        let site = Site(
            settings: ServerSettings(listen: ServerSettings.Address(host: "127.0.0.1", port: 0)), routes: RouteTable(),
            accessLog: AccessLog(logger: Logger(label: "test"), listener: "public"))
        _ = try await channel.testingEventLoop.executeInContext {
            WebChannel(site: site).setup(channel: channel, logger: Logger(label: "test")).map { _ in }
        }.get()
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).get()
        try await channel.close()
        await channel.testingEventLoop.run()
    }
}
