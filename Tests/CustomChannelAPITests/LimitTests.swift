import CustomChannelAPI
import Testing

@Suite struct LimitTests {
    @Test func textEndsAtSevenThousandUnits() throws {
        #expect(refusal { () throws(CustomChannelError) in try message(7000).check() } == nil)
        let error = try #require(refusal { () throws(CustomChannelError) in try message(7001).check() })
        #expect(error.code == .invalid)
        #expect(error.field == "message.text")
        #expect(error.length == 7001)
        #expect(error.limit == 7000)
        #expect(error.message == "message.text has 7001 characters, the limit is 7000")
    }

    @Test func lengthsCountUTF16() {
        let emoji = CustomChannelMessage.text(String(repeating: "😀", count: 3501))
        #expect(refusal { () throws(CustomChannelError) in try emoji.check() }?.length == 7002)
    }

    @Test(
        arguments: [
            (.text(""), "message.text"),
            (attachment(url: "https://x.example/" + String(repeating: "a", count: 1983)), "message.attachment.url"),
            (attachment(url: "ftp://x.example/a.png"), "message.attachment.url"),
            (
                attachment(url: "https://x.example/a", name: String(repeating: "n", count: 257)),
                "message.attachment.fileName"
            ),
            (.location(.init(latitude: 90.0001, longitude: 0)), "message.latitude"),
            (.location(.init(latitude: 0, longitude: .nan)), "message.longitude"),
            (
                .location(.init(latitude: 0, longitude: 0, address: String(repeating: "a", count: 257))),
                "message.address"
            ),
            (.quickReply(.init(title: "", replies: ["a"])), "message.title"),
            (.quickReply(.init(title: "?", replies: [])), "message.replies"),
            (.quickReply(.init(title: "?", replies: Array(repeating: "a", count: 11))), "message.replies"),
            (.quickReply(.init(title: "?", replies: ["a", String(repeating: "b", count: 257)])), "message.replies[1]"),
        ] as [(CustomChannelMessage, String)])
    func everyLimitNamesItsField(message: CustomChannelMessage, field: String) {
        #expect(refusal { () throws(CustomChannelError) in try message.check() }?.field == field)
    }

    @Test func valuesAtTheirLimitsPass() {
        let messages: [CustomChannelMessage] = [
            Self.attachment(url: "https://x.example/" + String(repeating: "a", count: 1982)),
            .location(.init(latitude: -90, longitude: 180, address: String(repeating: "a", count: 256))),
            .quickReply(
                .init(
                    title: String(repeating: "t", count: 256),
                    replies: Array(repeating: String(repeating: "r", count: 256), count: 10))),
        ]
        for message in messages { #expect(refusal { () throws(CustomChannelError) in try message.check() } == nil) }
    }

    @Test(arguments: [
        ("contact.firstName", contact { $0.firstName = String(repeating: "a", count: 51) }),
        ("contact.lastName", contact { $0.lastName = String(repeating: "a", count: 51) }),
        ("contact.email", contact { $0.email = String(repeating: "a", count: 51) }),
        ("contact.phone", contact { $0.phone = String(repeating: "1", count: 19) }),
        ("contact.profilePic", contact { $0.profilePic = "lucia.jpg" }),
        ("contact.timezone", contact { $0.timezone = 24.5 }),
        ("contact.countryCode", contact { $0.countryCode = "MEX" }),
        ("contact.language", contact { $0.language = "pt-BR" }),
        ("contact.locale", contact { $0.locale = "en-US" }),
    ])
    func everyFieldOfAContactHasItsRule(field: String, contact: CustomChannelContact) {
        #expect(refusal { () throws(CustomChannelError) in try contact.check() }?.field == field)
    }

    @Test func secondsAreNotTakenForMilliseconds() throws {
        let early = event(.message(.text("hi")), timestamp: 1_795_251_600)
        let error = try #require(refusal { () throws(CustomChannelError) in try early.check(.custom, now: now) })
        #expect(error.message.contains("milliseconds"))
        let ahead = event(.message(.text("hi")), timestamp: now + 300_001)
        #expect(
            refusal { () throws(CustomChannelError) in try ahead.check(.custom, now: now) }?.field
                == "events[0].timestamp")
        let just = event(.message(.text("hi")), timestamp: now + 300_000)
        #expect(refusal { () throws(CustomChannelError) in try just.check(.custom, now: now) } == nil)
    }

    @Test func whatThePlatformSentIsNotEchoed() {
        let echo = event(.echo(.text("hi")), mID: "out_01JD3Y")
        #expect(
            refusal { () throws(CustomChannelError) in try echo.check(.custom, now: now) }?.field == "events[0].mId")
    }

    private func message(_ units: Int) -> CustomChannelMessage { .text(String(repeating: "a", count: units)) }

    private static func attachment(url: String, name: String? = nil) -> CustomChannelMessage {
        .attachment(.init(.image, url: url, fileName: name))
    }

    private static func contact(_ set: (inout CustomChannelContact) -> Void) -> CustomChannelContact {
        var contact = CustomChannelContact()
        set(&contact)
        return contact
    }
}
