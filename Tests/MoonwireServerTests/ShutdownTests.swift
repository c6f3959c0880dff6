import EventJSON
import Moonwire
import ServiceLifecycle
import Testing

@testable import MoonwireServer

struct ShutdownTests {
    @Test func aRequestInHandIsFinishedWhileANewOneIsRefused() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Never.self)
        let route = EchoRoute(answers: { _ in
            arrived.yield()
            for await _ in gate {}
            return .json(200, ["done": true])
        })
        try await withServer([route, EchoRoute(path: "/other")]) { server in
            try await Wire.open(port: server.port) { other in
                // A connection that is open when the shutdown begins.
                try await other.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
                let before = try await other.answer()
                #expect(before.status == 200)
                try await Wire.open(port: server.port) { wire in
                    try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                    var iterator = arrivals.makeAsyncIterator()
                    await iterator.next()
                    await server.group.triggerGracefulShutdown()
                    var refused = Wire.Answer(status: 200, headers: [:], body: "")
                    while refused.status == 200 {
                        // The shutdown is told to the server in its own time.
                        try await other.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
                        refused = try await other.answer()
                    }
                    #expect(refused.status == 503)
                    #expect(refused.headers["retry-after"] != nil)
                    #expect(refused.headers["connection"] == "close")
                    open.finish()
                    let answer = try await wire.answer()
                    #expect(answer.status == 200)
                    #expect(answer.headers["connection"] == "close")
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func aStreamIsEndedByItsRouteAndHoldsUpNothing(isPrivate: Bool) async throws {
        let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
        let route = EchoRoute(
            answers: { _ in InboundResponse(status: 200, body: .stream(chunks)) },
            drains: {
                source.yield(Array("bye".utf8))
                source.finish()
            })
        let settings: (inout ServerSettings) -> Void = {
            $0.patience.drain = .seconds(3600)
            if isPrivate { $0.privateListen = .init(host: "127.0.0.1", port: 0) }
        }
        try await withServer(isPrivate ? [] : [route], privately: isPrivate ? [route] : [], settings: settings) {
            server in
            try await Wire.open(port: server.ports.last ?? 0) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                let status = try await wire.answer(toHead: true).status
                #expect(status == 200)
                await server.group.triggerGracefulShutdown()
                let said = try await wire.chunk()
                #expect(said == "bye")
                let end = try await wire.chunk()
                #expect(end == nil)
            }
        }
    }

    @Test func aRequestThatNeverEndsDoesNotHoldTheShutdown() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let route = EchoRoute(answers: { _ in
            arrived.yield()
            try? await Task.sleep(for: .seconds(3600))
            return .json(200, [:])
        })
        try await withServer([route], settings: { $0.patience.drain = .milliseconds(50) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                var iterator = arrivals.makeAsyncIterator()
                await iterator.next()
                await server.group.triggerGracefulShutdown()
                let rest = try await wire.rest()
                #expect(!rest.contains("200 OK"))
            }
        }
    }

    @Test func aPortThatIsTakenIsSaid() async throws {
        try await withServer { first in
            let error = await #expect(throws: ServerError.self) {
                try await withServer(settings: { $0.listen.port = first.port }) { _ in }
            }
            #expect(error?.code == .bind)
            #expect(error?.description.contains("the port is taken") == true)
        }
    }

    @Test func thePrivateListenerHasRoutesOfItsOwn() async throws {
        try await withServer(
            [EchoRoute()], privately: [EchoRoute(path: "/inside")],
            settings: { $0.privateListen = .init(host: "127.0.0.1", port: 0) }
        ) { server in
            #expect(server.ports.count == 2)
            for (port, path, status) in [
                (server.ports[0], "/echo", 200), (server.ports[0], "/inside", 404), (server.ports[1], "/inside", 200),
                (server.ports[1], "/echo", 404),
            ] {
                let answer = try await Wire.open(port: port) { wire in
                    try await wire.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                    return try await wire.answer()
                }
                #expect(answer.status == status)
            }
        }
    }
}
