import ChatwootAPI
import CurlHTTP
import Testing

@Suite struct ChatwootInstallationTests {
    @Test(arguments: [
        (ChatwootInstallation.bevatel, "wss://chat.bevatel.com/cable"), (.hoory, "wss://app.hoory.com/cable"),
        (.init(origin: "http://localhost:3000/"), "ws://localhost:3000/cable"),
        (.init(origin: "https://x.example", cablePath: "/ws/cable"), "wss://x.example/ws/cable"),
    ])
    func derivesTheSocketsAddress(installation: ChatwootInstallation, url: String) {
        #expect(installation.cableURL == url)
    }

    @Test func pathsFollowTheSettings() async throws {
        let transport = ScriptedTransport(Examples.inbox)
        let installation = ChatwootInstallation(
            origin: "https://x", publicPrefix: "/p", appPrefix: "/a", authHeaderName: "x-token")
        _ = try await ChatwootClientAPI(installation, inboxIdentifier: "i", transport: transport).inbox()
        _ = try await ChatwootOperatorAPI(installation, accountID: 3, accessToken: "t", transport: transport).inbox(9)
        #expect(transport.requests.map(\.url) == ["https://x/p/inboxes/i", "https://x/a/accounts/3/inboxes/9"])
        #expect(transport.requests.last?.header("x-token") == "t")
    }

    @Test func sourceIdsAreLongAndNeverTheSame() {
        let ids = Set((0..<100).map { _ in ChatwootInstallation.hoory.newSourceID().exposed })
        #expect(ids.count == 100)
        #expect(ids.allSatisfy { $0.hasPrefix("bot-") && $0.utf8.count == 36 })
    }
}

@Suite struct ChatwootCapabilitiesTests {
    @Test func aKnownReleaseTellsAboutEveryFeature() {
        let capabilities = ChatwootCapabilities(version: ChatwootVersion("3.6.1"))
        #expect(capabilities.supports(.clientTyping) == true)
        #expect(capabilities.supports(.updatedWithin) == true)
        #expect(capabilities.supports(.clientConversation) == false)
    }

    @Test func oneObservationTellsAboutOthers() {
        let capabilities = ChatwootCapabilities()
        #expect(capabilities.supports(.clientTyping) == nil)
        capabilities.observe(.clientTyping, supported: true)
        #expect(capabilities.supports(.inboxDetails) == true)
        #expect(capabilities.supports(.verifiedListing) == nil)
        capabilities.observe(.clientConversation, supported: false)
        #expect(capabilities.supports(.verifiedListing) == false)
        #expect(capabilities.supports(.updatedWithin) == nil)
    }

    @Test func whatWasSeenCountsMoreThanTheRelease() {
        let capabilities = ChatwootCapabilities(version: ChatwootVersion(4, 8))
        capabilities.observe(.messageStatus, supported: false)
        #expect(capabilities.supports(.messageStatus) == false)
        #expect(capabilities.supports(.assignBot) == true)
    }

    @Test(arguments: ["", "3", "x.1", "3.-1", "3."])
    func whatIsNoReleaseIsNone(text: String) {
        #expect(ChatwootVersion(text) == nil)
    }
}
