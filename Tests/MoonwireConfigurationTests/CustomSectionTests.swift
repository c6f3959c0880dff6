import Foundation
import Moonwire
import MoonwireConfiguration
import Testing

struct CustomSectionTests {
    private func parse(_ text: String) throws -> HostConfiguration {
        try HostConfiguration.parse(
            text, file: "moonwire.yaml", directory: URL(fileURLWithPath: "/etc/moonwire/"),
            environment: ["BONY_TOKEN": "s3cret", "OLD_TOKEN": "old"])
    }

    private func problems(_ text: String) -> String {
        do {
            _ = try parse(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private let section = """
        channels:
          tienda:
            platform: bonychat
            channel_id: c7q2m9x4kd
            api_tokens: [ "${BONY_TOKEN}", "${OLD_TOKEN}" ]
            webhook_url: https://webhook.respond.io/custom/channel/webhook/
            id_type: phone

        """

    @Test func aCustomChannelIsReadWithItsDefaults() throws {
        let channel = try #require(try parse(section).channels.first)
        #expect(channel.platform == .bonychat && channel.role == .client)
        #expect(channel.origin == "https://webhook.respond.io" && channel.delivery.rate == 5)
        guard case .custom(let seat) = channel.seat else {
            Issue.record("it is a custom channel")
            return
        }
        #expect(seat.slug == "tienda" && seat.basePath == "/cc/tienda" && seat.channelID == "c7q2m9x4kd")
        #expect(seat.tokens.map(\.revealed) == ["s3cret", "old"])
        #expect(seat.webhookURL.revealed == "https://webhook.respond.io/custom/channel/webhook/")
        #expect(seat.idType == .phone && seat.mode == .accept && seat.quickReplies == .native)
        #expect(seat.answersPerMinute == 5)
        #expect(!"\(channel)".contains("s3cret"))
    }

    @Test func everyKeyIsRead() throws {
        let more =
            "    slug: shop_1\n    mode: sync\n    quick_replies: numbered\n    answers_per_minute: 9\n    rate: 2/s\n"
        let channel = try #require(
            try parse(section.replacing("bonychat", with: "respond.io").replacing("phone", with: "custom") + more)
                .channels.first)
        guard case .custom(let seat) = channel.seat else {
            Issue.record("it is a custom channel")
            return
        }
        #expect(channel.platform == .respondIO && channel.delivery.rate == 2)
        #expect(seat.slug == "shop_1" && seat.mode == .sync && seat.quickReplies == .numbered)
        #expect(seat.answersPerMinute == 9 && seat.idType == .custom)
    }

    @Test func whatTheDialogShowsIsNeverGuessed() {
        let found = problems("channels:\n  tienda:\n    platform: bonychat\n")
        for key in ["channel_id", "api_tokens", "webhook_url", "id_type"] { #expect(found.contains("'\(key)'")) }
    }

    @Test(arguments: [
        ("    slug: A/b\n", "'slug'"), ("    role: operator\n", "the role client only"),
        ("    inbox: x\n", "'inbox' does not belong"), ("    mode: later\n", "'mode'"),
    ])
    func faultsAreNamed(line: String, named: String) {
        #expect(problems(section + line).contains(named))
    }

    @Test func threeTokensAreTooMany() {
        #expect(problems(section.replacing("]", with: ", a ]")).contains("'api_tokens'"))
        #expect(problems(section.replacing("https://webhook.respond.io", with: "webhook")).contains("'webhook_url'"))
    }
}
