import CurlHTTP
import Testing

@Suite struct HTTPRequestTests {
    @Test(arguments: [
        ("https://h/api/v1/accounts/3?x=1", "/api/…"), ("https://h", "/"), ("https://h/", "/"),
        ("https://h/secret", "/…"),
        ("https://h?token=/a/b", "/"), ("https://h/a?b=/c", "/…"), ("not a url", "/"), ("https://u:p@h/a/b#c", "/a/…"),
    ])
    func displayPathIsGuessedWithoutSecrets(url: String, path: String) {
        #expect(HTTPRequest(.get, url).displayPath == path)
    }

    @Test func displayPathIsTakenAsGiven() {
        #expect(HTTPRequest(.get, "https://h/x", displayPath: "/shown").displayPath == "/shown")
    }
}
