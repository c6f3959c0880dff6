import Moonwire
import Testing

@testable import MoonwireServer

struct AccessLogTests {
    @Test func aLineHasNeitherHeadersNorTheQuery() async throws {
        let log = LogBook()
        let id = try await withServer([EchoRoute()], log: log) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(
                    "GET /echo?token=hidden HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer hidden\r\n\r\n")
                return try await wire.answer().headers["x-request-id"] ?? ""
            }
        }
        let lines = log.all.filter { $0.hasPrefix("Request ") }
        #expect(lines.count == 1)
        #expect(lines[0].contains("http.method=GET") && lines[0].contains("http.path=/echo "))
        #expect(lines[0].contains("http.status=200") && lines[0].contains("request.id=\(id)"))
        #expect(lines[0].contains("request.from=127.0.0.1"))
        #expect(!log.all.joined().contains("hidden"))
    }

    @Test func whatACallerWritesCannotBreakALine() {
        #expect(AccessLog.printable("/a\u{1B}[31m\n/é") == "/a%1B[31m%0A/%C3%A9")
        #expect(AccessLog.printable(String(repeating: "/", count: 300)).count == 257)
    }

    @Test(arguments: [
        (["127.0.0.1"], "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (["127.0.0.1", "198.51.100.0/24"], "203.0.113.9, 198.51.100.1", "203.0.113.9"),
        ([], "203.0.113.9", "127.0.0.1"), (["127.0.0.1"], "not an address", "127.0.0.1"),
    ])
    func onlyTrustedProxiesSayWhoCalls(_ trusted: [String], _ named: String, _ caller: String) async throws {
        let log = LogBook()
        try await withServer(
            [EchoRoute()], log: log, settings: { $0.trustedProxies = trusted.compactMap(AddressRange.init) }
        ) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: \(named)\r\n\r\n")
                let status = try await wire.answer().status
                #expect(status == 200)
            }
        }
        #expect(log.all.contains { $0.contains("request.from=\(caller) ") })
    }
}
