import EventJSON
import Foundation
import MoonwireConfiguration
import Testing

struct TwinNotificationSectionTests {
    private func parse(_ notifications: String) throws -> TwinNotificationSection? {
        let indented = notifications.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
        let text = """
            channels:
              night:
                platform: twin24
                role: operator
                iam: https://iam.example.com/api/v1
                chat: https://chats-api.example.com/api/v1
                realtime: https://example.com/centrifugo/connection/websocket
                notify: https://notify.example.com/api/v1
                email: operator@example.com
                password: s3cret
                notifications:
            \(indented)
            """
        let configuration = try HostConfiguration.parse(
            text, file: "moonwire.yaml", directory: URL(fileURLWithPath: "/etc/moonwire/"),
            environment: ["SENDER": "Shop"])
        guard case .twin(let seat)? = configuration.channels.first?.seat else { return nil }
        return seat.notifications
    }

    private func problems(_ notifications: String) -> String {
        do {
            _ = try parse(notifications)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func theWaysAreReadInTheirOrderWithTheServicesNames() throws {
        let section = try #require(
            try parse(
                """
                channels:
                  - whatsapp:
                      provider: TWIN
                      template_name: reminder
                      template_namespace: ns
                      language: en
                      template_data: ["{text}", 2]
                      media_url: https://example.com/a.png
                  - sms: { from: "${SENDER}", validity_period: 60, required: true }
                  - email: { subject: News, from_email: a@example.com, from_name: Shop, reply_to: b@example.com }
                  - telegram
                  - push:
                  - chat:
                      chat_id: c1
                      bot_id: b1
                      messenger_type: WHATSAPP
                      chat_session_name: News
                      continue_last_or_start_new_session: true
                      more: { rating: 5 }
                phones: plus
                group_ids: false
                """))
        #expect(section.ways.map(\.kind) == [.whatsapp, .sms, .email, .telegram, .push, .chat])
        #expect(section.phones == .plus && !section.marksGroups)
        #expect(
            section.ways[0].provider == "TWIN" && section.ways[0].options == ["mediaUrl": "https://example.com/a.png"])
        #expect(
            section.ways[0].template == [
                "templateName": "reminder", "templateNamespace": "ns", "language": "en", "templateData": ["{text}", 2],
            ])
        #expect(section.ways[1].options == ["from": "Shop"] && section.ways[1].isRequired == true)
        #expect(section.ways[1].validityPeriod == 60 && section.ways[1].template == nil)
        #expect(
            section.ways[2].options == [
                "subject": "News", "fromEmail": "a@example.com", "fromName": "Shop", "replyTo": "b@example.com",
            ])
        #expect(
            section.ways[5].options == [
                "chatId": "c1", "botId": "b1", "messengerType": "WHATSAPP", "chatSessionName": "News",
                "continueLastOrStartNewSession": true, "rating": 5,
            ])
    }

    @Test func theDefaultsGuessNothing() throws {
        let section = try #require(try parse("channels: [sms]"))
        #expect(section.ways.map(\.kind) == [.sms] && section.ways[0].options.isEmpty)
        #expect(section.ways[0].isRequired == nil && section.phones == .digits && section.marksGroups)
    }

    @Test(arguments: [
        ("phones: plus", "'notifications' needs 'channels': a list of sms, email"),
        ("channels: []", "'notifications' needs 'channels'"),
        ("channels: sms", "'notifications' needs 'channels'"),
        ("channels: [smss]", "did you mean 'sms'"),
        ("channels: [{ smss: { from: a } }]", "the service has no channel 'smss'; did you mean 'sms'"),
        ("channels: [sms, sms]", "'sms' stands twice"),
        ("channels: [[sms]]", "a channel is a word"),
        ("channels: [{ sms: { from: a }, chat: { chat_id: c } }]", "each item of 'channels' is one channel"),
        ("channels: [{ sms: { subject: a } }]", "unknown key 'subject' in 'sms'"),
        ("channels: [{ sms: { validity_period: 3000 } }]", "'validity_period' must be a whole number from 1 to 2880"),
        ("channels: [chat]", "chat needs 'chat_id'"),
        ("channels: [{ chat: { bot_id: b } }]", "chat needs 'chat_id'"),
        ("channels: [{ email: { from_email: a@b.c } }]", "email needs 'subject'"),
        ("channels: [{ whatsapp: { language: en } }]", "whatsapp needs 'template_name'"),
        (
            "channels: [{ whatsapp: { template_name: t, template_data: x } }]",
            "'template_data' must be a list or a mapping"
        ),
        ("channels: [{ sms: { more: [a] } }]", "'more' must be a mapping"),
        ("channels: [{ sms: { from: a, more: { from: b } } }]", "'from' cannot stand in 'more'"),
        ("channels: [{ sms: { more: { text: b } } }]", "'text' cannot stand in 'more'"),
        ("channels: [sms]\nphones: local", "'phones' must be one of digits, plus"),
        ("channels: [sms]\nchanels: []", "unknown key 'chanels' in 'notifications'"),
    ])
    func whatCannotWorkIsRefusedWithAReason(example: (text: String, problem: String)) {
        let problems = problems(example.text)
        #expect(problems.contains(example.problem), "\(problems)")
        #expect(problems.hasPrefix("moonwire.yaml:1"), "\(problems)")
    }

    @Test func itDoesNotBelongToOtherPlatforms() {
        let text = """
            channels:
              desk: { platform: bevatel, role: operator, account: 1, token: t, notifications: { channels: [sms] } }
            """
        #expect(throws: ConfigurationError.self) {
            try HostConfiguration.parse(
                text, file: "moonwire.yaml", directory: URL(fileURLWithPath: "/"), environment: [:])
        }
    }
}
