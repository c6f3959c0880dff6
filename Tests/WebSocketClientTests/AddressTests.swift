import Testing

@testable import WebSocketClient

@Suite struct AddressTests {
    @Test func partsOfAURL() throws {
        let url = try WebSocketURL(parsing: "WSS://chat.example.com/sub/cable?token=T#x")
        #expect(url.isSecure && url.host == "chat.example.com" && url.port == 443)
        #expect(url.target == "/sub/cable?token=T")
        #expect(url.query == "token=T")
        #expect(url.authority == "chat.example.com")
        #expect(url.origin == "https://chat.example.com")
        #expect(url.display == "wss://chat.example.com/sub/cable")
    }

    @Test func portsAndAddresses() throws {
        #expect(try WebSocketURL(parsing: "ws://h:3000").authority == "h:3000")
        #expect(try WebSocketURL(parsing: "ws://h:3000").target == "/")
        #expect(try WebSocketURL(parsing: "ws://h?q").target == "/?q")
        let v6 = try WebSocketURL(parsing: "ws://[::1]:81/a")
        #expect(v6.host == "::1" && v6.port == 81 && v6.authority == "[::1]:81")
        #expect(try WebSocketURL(parsing: "http://[::1]/").authority == "[::1]")
    }

    @Test(arguments: [
        "", "chat.example.com", "ftp://x/", "ws://", "ws://:80/", "ws://h:0/", "ws://h:70000/", "ws://h:x/",
        "ws://[::1/",
        "ws://u:p@h/", "ws://h/a b", "ws://h/\r\nX: 1", "ws://ü.example/",
    ])
    func unusableURLs(url: String) {
        #expect(throws: WebSocketError.self) { try WebSocketURL(parsing: url) }
    }

    private func proxy(_ environment: [String: String], _ url: String = "wss://chat.example.com/") throws
        -> ProxyAddress?
    {
        try ProxyAddress.select(.environment, for: WebSocketURL(parsing: url)) { environment[$0] }
    }

    @Test func proxyOfTheEnvironment() throws {
        #expect(try proxy([:]) == nil)
        #expect(try proxy(["HTTPS_PROXY": "http://p:3128"])?.port == 3128)
        #expect(try proxy(["ALL_PROXY": "p"])?.host == "p")
        #expect(try proxy(["HTTPS_PROXY": "http://p"], "ws://h/") == nil)
        #expect(try proxy(["http_proxy": "http://p"], "ws://h/")?.port == 8080)
        #expect(throws: WebSocketError.self) { try proxy(["ALL_PROXY": "socks5://p"]) }
    }

    @Test(arguments: ["*", "chat.example.com", ".example.com", "*.example.com", "x, example.com", "example.com:443"])
    func exemptHosts(list: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://p", "NO_PROXY": list]) == nil)
    }

    @Test(arguments: ["", "ample.com", "example.com:80", "hat.example.com"])
    func otherHosts(list: String) throws {
        #expect(try proxy(["HTTPS_PROXY": "http://p", "NO_PROXY": list]) != nil)
    }

    @Test func credentialsOfAProxy() throws {
        let address = try ProxyAddress(parsing: "http://user:p%40ss@proxy:8888/")
        #expect(address.host == "proxy" && address.port == 8888)
        #expect(address.basicCredentials == "dXNlcjpwQHNz")
        #expect(try ProxyAddress(parsing: "http://a:@h").basicCredentials == "YTo=")
    }
}
