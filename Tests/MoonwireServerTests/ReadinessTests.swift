import Moonwire
import Testing

@testable import MoonwireServer

struct ReadinessTests {
    @Test(arguments: [
        (HostHealth(journal: true, lanes: true, streams: ["shop": .up]), 200),
        (HostHealth(journal: true, lanes: true, streams: ["shop": .up, "desk": .filling]), 200),
        (HostHealth(journal: true, lanes: true, streams: ["shop": .up, "desk": .down]), 503),
        (HostHealth(journal: true, lanes: true, streams: ["shop": .connecting]), 503),
        (HostHealth(journal: false, lanes: true, streams: [:]), 503),
        (HostHealth(journal: true, lanes: false, streams: [:]), 503),
    ])
    func aHostIsReadyWhenAllOfItIs(_ health: HostHealth, _ status: Int) async throws {
        let answer = try await withServer([ReadinessRoute { health }]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n")
                return try await wire.answer()
            }
        }
        #expect(answer.status == status)
    }
}
