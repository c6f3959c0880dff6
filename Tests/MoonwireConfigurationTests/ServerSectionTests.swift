import Foundation
import MoonwireConfiguration
import Testing

struct ServerSectionTests {
    private func parse(_ text: String) throws -> HostConfiguration {
        try HostConfiguration.parse(
            text, file: "moonwire.yaml", directory: URL(fileURLWithPath: "/etc/moonwire/"), environment: [:])
    }

    private func problems(_ text: String) -> String {
        do {
            _ = try parse(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func withoutASectionThereIsNoServer() throws {
        let configuration = try parse("log: { level: info }")
        #expect(configuration.server == nil)
    }

    @Test func readsAddressesLimitsAndTimes() throws {
        let configuration = try parse(
            """
            server:
              listen: "[::1]:8443"
              public_url: https://bots.example.com/
              private: { listen: ":9000" }
              body_limit: 512
              connections_per_address: 20
              timeouts: { body: 5s }
              trusted_proxies: [ 127.0.0.1 ]
            """)
        let server = try #require(configuration.server)
        #expect(server.listen == ServerSection.Address(host: "::1", port: 8443))
        #expect(server.privateListen == ServerSection.Address(host: "0.0.0.0", port: 9000))
        #expect(server.address(of: "/hooks/a") == "https://bots.example.com/hooks/a")
        #expect(server.bodyLimit == 512 << 10)
        #expect(server.connections == 1024 && server.connectionsPerAddress == 20)
        #expect(server.timeouts.body == .seconds(5))
        #expect(server.timeouts.head == .seconds(10))
        #expect(server.trustedProxies == ["127.0.0.1"])
    }

    @Test func withoutAPublicURLAddressesAreTheListeners() throws {
        let configuration = try parse("server: { listen: '127.0.0.1:8080' }")
        #expect(configuration.server?.address(of: "/x") == "http://127.0.0.1:8080/x")
    }

    @Test(arguments: [
        ("server: { listen: nowhere }", "'listen' must be host:port"),
        ("server: { public_url: bots.example.com }", "'public_url' must be how the world reaches the host"),
        ("server: { tls: { certificate: /nowhere.pem } }", "there is no file /nowhere.pem"),
        ("server: { tls: { certificate: /nowhere.pem } }", "'tls' needs 'certificate' and 'key'"),
        ("server: { timeouts: { head: 0s } }", "'timeouts.head' must be longer than nothing"),
        ("server: { private: { listen: '127.0.0.1:8080' } }", "'private.listen' must be another address"),
        ("server: { lisen: x }", "did you mean 'listen'?"),
        ("channels: { host: { platform: hoory, role: client, inbox: x } }", "no channel may be called 'host'"),
    ])
    func whatIsWrongIsSaid(_ text: String, _ sentence: String) {
        #expect(problems(text).contains(sentence))
    }
}
