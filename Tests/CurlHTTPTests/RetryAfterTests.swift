import CurlHTTP
import Testing

@Suite struct RetryAfterTests {
    private static let noon = "Sun, 06 Nov 1994 12:00:00 GMT"

    private func wait(_ said: String, date: String? = noon) -> Duration? {
        let date = date.map { [HTTPHeader("Date", $0)] } ?? []
        return HTTPResponse(status: 503, headers: HTTPHeaders([HTTPHeader("Retry-After", said)] + date)).retryAfter
    }

    @Test func secondsAreSeconds() {
        #expect(wait("7") == .seconds(7))
        #expect(wait("0", date: nil) == .zero)
        #expect(HTTPResponse(status: 503).retryAfter == nil)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 12:01:30 GMT", "Sunday, 06-Nov-94 12:01:30 GMT", "Sun Nov  6 12:01:30 1994",
    ])
    func aDateIsComparedWithTheServersOwn(date: String) {
        #expect(wait(date) == .seconds(90))
    }

    @Test func aDateThatHasPassedIsNoWait() {
        #expect(wait("Sun, 06 Nov 1994 11:59:59 GMT") == .zero)
        #expect(wait(Self.noon, date: nil) == .zero, "by this host's clock")
    }

    @Test(arguments: [
        "soon", "-1", "1.5", "", "86401", "99999999", "99999999999999999999", "Sun", "Mon, 07 Nov 1994 12:00:01 GMT",
        "Sun, 06 Nov 2394 12:00:00 GMT",
    ])
    func whatIsNoTimeOrTooLongIsNotHeeded(said: String) {
        #expect(wait(said) == nil)
    }

    @Test func aDateOfTheServersThatCannotBeReadIsAsNone() {
        #expect(wait(Self.noon, date: "now") == .zero)
    }
}
