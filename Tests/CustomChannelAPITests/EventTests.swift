import CustomChannelAPI
import EventJSON
import Testing

@Suite struct EventTests {
    private func body(_ event: CustomChannelEvent) throws -> JSON {
        try JSON(parsing: event.body(channelID: "c7q2m9x4kd"))
    }

    @Test func aTextWithItsContactIsWrittenAsDocumented() throws {
        var contact = CustomChannelContact()
        contact.firstName = "Lucía"
        contact.lastName = "Ríos"
        contact.phone = "+5215512345678"
        contact.countryCode = "MX"
        contact.timezone = -6
        contact.language = "es"
        contact.email = ""
        let written = try body(
            event(.message(.text("¿Tienen la talla 38?")), contact: "+5215512345678", details: contact))
        let expected: JSON = [
            "channelId": "c7q2m9x4kd", "contactId": "+5215512345678",
            "events": [
                [
                    "type": "message", "mId": "in_1", "timestamp": .int(now),
                    "message": ["type": "text", "text": "¿Tienen la talla 38?"],
                ]
            ],
            "contact": [
                "firstName": "Lucía", "lastName": "Ríos", "phone": "+5215512345678", "countryCode": "MX",
                "timezone": -6, "language": "es",
            ],
        ]
        #expect(written == expected)
    }

    @Test func anEmptyContactIsLeftOut() throws {
        let written = try body(event(.message(.text("hi")), details: CustomChannelContact()))
        #expect(written.object?.keys == ["channelId", "contactId", "events"])
    }

    @Test func filesAlwaysHaveAName() throws {
        let message = CustomChannelMessage.attachment(.init(.image, url: "https://f.example.com/m/zapato.jpg?x=1"))
        let written = try body(event(.message(message)))
        let expected: JSON = [
            "type": "attachment",
            "attachment": [
                "type": "image", "url": "https://f.example.com/m/zapato.jpg?x=1", "fileName": "zapato.jpg",
            ],
        ]
        #expect(written["events"]?.elements.first?["message"] == expected)
    }

    @Test func placesAndQuestionsStandDirectlyOnTheMessage() throws {
        let place = try body(event(.message(.location(.init(latitude: 19.4326, longitude: -99.1332)))))
        #expect(
            place["events"]?.elements.first?["message"]
                == ["type": "location", "latitude": 19.4326, "longitude": -99.1332])
        let question = try body(event(.echo(.quickReply(.init(title: "?", replies: ["09:00"])))))
        #expect(question["events"]?.elements.first?["type"] == "message_echo")
        #expect(
            question["events"]?.elements.first?["message"]
                == ["type": "quick_reply", "title": "?", "replies": ["09:00"]])
    }

    @Test func aFailedReceiptSaysWhy() throws {
        let long = String(repeating: "x", count: 300)
        let written = try body(event(.receipt(.failed(reason: long)), mID: "out_1"))
        let item = try #require(written["events"]?.elements.first)
        #expect(item["type"] == "message_status")
        #expect(item["message"] == nil)
        #expect(item["status"]?["value"] == "failed")
        #expect(item["status"]?["message"]?.string?.utf16.count == 256)
    }

    @Test(
        arguments: [
            ([.delivered, .read, .delivered], [.delivered, .read]), ([.read, .delivered], [.read]),
            ([.delivered, .delivered], [.delivered]), ([.failed, .delivered, .read, .failed], [.failed]),
            ([.delivered, .failed], [.delivered, .failed]), ([.read, .failed], [.read]),
        ] as [([CustomChannelReceipt.Value], [CustomChannelReceipt.Value])])
    func receiptsNeverGoBack(given: [CustomChannelReceipt.Value], posted: [CustomChannelReceipt.Value]) {
        var state = CustomChannelReceiptState()
        let taken = given.filter { state.take($0) }
        #expect(taken == posted)
        #expect(state.posted == posted)
    }
}
