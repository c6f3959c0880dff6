import Foundation
import Moonwire
import MoonwireConfiguration
import Testing

struct DashboardSectionTests {
    private let desk = """
        channels:
          desk: { platform: bevatel, role: operator, origin: https://chat.example.com, account: 3, token: t }
          shop: { platform: hoory, role: client, inbox: i }

        """

    private func parse(_ text: String) throws(ConfigurationError) -> HostConfiguration {
        try HostConfiguration.parse(
            desk + text, file: "moonwire.yaml", directory: URL(fileURLWithPath: "/tmp"), environment: [:])
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try parse(text)
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    @Test func aDashboardNeedsItsChannelAndNothingElse() throws {
        let configuration = try parse("dashboards: { orders: { channel: desk } }")
        let dashboard = try #require(configuration.dashboards.first)
        #expect(dashboard.name == "orders" && dashboard.channel == "desk" && dashboard.path == "/dash/orders/")
        #expect(dashboard.origins == ["https://chat.example.com"], "where the channel's platform is")
        #expect(dashboard.signIn == [.login, .pair] && !dashboard.allowsMobile && dashboard.actions == nil)
        #expect(dashboard.tokenLife == .seconds(300))
    }

    @Test func everythingCanBeSaid() throws {
        let configuration = try parse(
            """
            dashboards:
              orders:
                channel: desk
                title: Orders
                origins: [https://one.example.com, "http://two.example.com:3000"]
                ancestors: [https://crm.example.com]
                fetch_info: ["Karzoun-dashboard-app:fetch-info"]
                sign_in: [pair, launch-key]
                launch_key: 0123456789abcdef0123456789abcdef
                mobile: true
                token_life: 3s
                seat_life: 1h
                actions: [pause, refund]
                language: ar
              closed: { channel: desk, origins: [] }
            """)
        let dashboard = try #require(configuration.dashboards.first)
        #expect(dashboard.origins.count == 2 && dashboard.ancestors == ["https://crm.example.com"])
        #expect(dashboard.fetchInfo == ["Karzoun-dashboard-app:fetch-info"] && dashboard.title == "Orders")
        #expect(dashboard.signIn == [.pair, .launchKey] && dashboard.allowsMobile && dashboard.language == "ar")
        #expect(dashboard.tokenLife == .seconds(3) && dashboard.seatLife == .seconds(3600))
        #expect(dashboard.actions == ["pause", "refund"])
        #expect("\(dashboard)".contains("0123456789abcdef") == false)
        #expect(configuration.dashboards.last?.origins == [])
    }

    @Test(arguments: [
        ("{ channel: dask }", "no channel is called 'dask'; did you mean 'desk'?"),
        ("{ channel: shop }", "an operator's seat on Chatwoot, Bevatel or Hoory, which 'shop' is not"),
        ("{ title: x }", "needs its 'channel'"), ("{ channel: desk, titel: x }", "did you mean 'title'?"),
        ("{ channel: desk, origins: ['https://*.example.com'] }", "origins such as https://chat.example.com"),
        ("{ channel: desk, origins: ['https://a.example.com/x'] }", "origins such as"),
        ("{ channel: desk, origins: [\"https://a.example.com; script-src *\"] }", "origins such as"),
        ("{ channel: desk, sign_in: [logn] }", "did you mean 'login'?"),
        ("{ channel: desk, sign_in: [launch-key] }", "'launch_key' is needed"),
        ("{ channel: desk, launch_key: short }", "at least 22 characters"),
        ("{ channel: desk, mobile: true, sign_in: [] }", "somebody must sign in"),
        ("{ channel: desk, token_life: 2h }", "'token_life' must be from 1s to 3600s"),
        ("{ channel: desk, language: fr }", "'language' must be one of"),
    ])
    func whatIsWrongIsSaid(_ section: String, _ problem: String) {
        let found = problems("dashboards: { orders: \(section) }")
        #expect(found.contains { $0.contains(problem) }, "\(found)")
    }

    @Test(arguments: ["api", "Orders", "a b", "a/b", "''"])
    func aNameStandsInAnAddress(_ name: String) {
        #expect(problems("dashboards: { \(name): { channel: desk } }").contains { $0.contains("lower-case letters") })
    }
}
