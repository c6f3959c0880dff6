import EventJSON
import Testing

@Suite struct ISO8601Tests {
    private func seconds(_ text: String) -> Double? {
        var text = text
        return text.withUTF8(ISO8601.seconds)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2021-03-10T08:37:53+00:00", 1_615_365_473),
        ("2021-03-10T11:37:53+03:00", 1_615_365_473), ("2021-03-10T11:37:53.5+0300", 1_615_365_473.5),
        ("2021-03-10 08:37:53", 1_615_365_473), ("2024-02-29T23:59:59Z", 1_709_251_199), ("1969-12-31T23:59:59Z", -1),
    ])
    func readsADate(text: String, expected: Double) {
        #expect(seconds(text) == expected)
    }

    @Test(arguments: ["", "2021", "2021-13-01T00:00:00Z", "2021-03-10T25:00:00Z", "2021-03-10T08:37:53+3", "yesterday"])
    func refusesWhatIsNone(text: String) {
        #expect(seconds(text) == nil)
    }

    @Test func writesWhatItReads() {
        for day in stride(from: -30_000, through: 60_000, by: 1) {
            let time = Double(day * 86_400 + (day % 86_400 + 86_400) % 86_400)
            let text = ISO8601.text(secondsSince1970: time)
            #expect(text.flatMap(seconds) == time)
        }
        #expect(ISO8601.text(secondsSince1970: 1_615_365_473.9) == "2021-03-10T08:37:53+00:00")
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300, -9.3e18])
    func writesNoTimeThatNoClockShows(seconds: Double) {
        #expect(ISO8601.text(secondsSince1970: seconds) == nil)
    }
}
