import Foundation
import Moonwire
import MoonwireConfiguration
import Testing

struct TwinSectionTests {
    private func parse(_ text: String) throws -> HostConfiguration {
        try HostConfiguration.parse(
            text, file: "moonwire.yaml", directory: URL(fileURLWithPath: "/etc/moonwire/"),
            environment: ["TWIN_PASSWORD": "s3cret"])
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
          night:
            platform: twin24
            role: operator
            iam: https://iam.example.com/api/v1
            chat: https://chats-api.example.com/api/v1
            realtime: https://example.com/centrifugo/connection/websocket
            notify: https://notify.example.com/api/v1
            email: operator@example.com
            password: ${TWIN_PASSWORD}

        """

    @Test func aSeatOfTWIN24IsReadWithItsDefaults() throws {
        let configuration = try parse(
            section + "    company: 7\n    status: paused\n    methods: { activate: PUT }\n    in_doubt: repeat\n")
        let channel = try #require(configuration.channels.first)
        #expect(channel.platform == .twin24 && channel.role == .operator && channel.poll == .seconds(300))
        #expect(channel.delivery.inDoubt == .repeat)
        guard case .twin(let seat) = channel.seat else {
            Issue.record("it is a seat of TWIN24")
            return
        }
        #expect(seat.realtime == "https://example.com/centrifugo/connection/websocket")
        #expect(seat.password.revealed == "s3cret" && seat.company == 7)
        #expect(seat.status == .paused && seat.onLogout == .stay && seat.yieldsToHumans)
        #expect(seat.methods == ["activate": "PUT"])
        #expect(!"\(configuration)".contains("s3cret"))
    }

    @Test func whatTheSeatDoesByItselfIsRead() throws {
        let options = """
                claim_from_help: true
                claim_chats: [site]
                max_sessions: 5
                typing_hold: 2s
                max_blind: 3m
                message_size: 32
                logout_hold: 30s
                displaced_retry_after: 30m
                drain_timeout: 90s
                mark_read: false

            """
        let configuration = try parse(section + options)
        guard case .twin(let seat)? = configuration.channels.first?.seat else {
            Issue.record("it is a seat of TWIN24")
            return
        }
        #expect(seat.claimsFromHelp && seat.claimChats == ["site"] && seat.maxSessions == 5)
        #expect(seat.typingHold == .seconds(2) && seat.maxBlind == .seconds(180) && seat.logoutHold == .seconds(30))
        #expect(seat.displacedRetryAfter == .seconds(1800) && seat.drainTimeout == .seconds(90) && !seat.marksRead)
        #expect(configuration.longestDrain == .seconds(90))
        #expect(seat.messageSize == 32 << 20)
    }

    @Test func optionsThatDoNothingOrHarmAreRefused() {
        #expect(problems(section + "    max_sessions: 5\n").contains("'max_sessions' does nothing without"))
        #expect(problems(section + "    max_blind: 10ms\n").contains("'max_blind' must be 1s at least"))
        #expect(problems(section + "    displaced_retry_after: 5s\n").contains("must be 1m at least"))
    }

    @Test func whatIsMissingOrDoesNotBelongIsSaid() {
        let missing = problems(
            "channels:\n  night: { platform: twin24, role: operator, iam: 'https://iam.example.com' }\n")
        for key in ["chat", "realtime", "notify", "email", "password"] {
            #expect(missing.contains("channel 'night' needs '\(key)'"))
        }
        #expect(problems(section + "    inbox: x\n").contains("'inbox' does not belong to a channel of twin24"))
        #expect(problems(section + "    pasword: x\n").contains("password"))
        #expect(problems(section.replacing("role: operator", with: "role: client")).contains("operator only"))
        #expect(
            problems(section.replacing("https://iam.example.com/api/v1", with: "iam.example.com")).contains(
                "'iam' must"))
        let other = "channels:\n  a: { platform: bevatel, role: operator, account: 1, token: x, iam: y }\n"
        #expect(problems(other).contains("'iam' does not belong to a channel of bevatel"))
    }
}
