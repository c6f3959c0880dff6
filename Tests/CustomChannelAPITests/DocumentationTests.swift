import CurlHTTP
import CustomChannelAPI
import EventJSON
import Foundation
import Testing

/// The examples of the documentation page, compiled. The test compares them with the page, word by word.
private enum DocumentedExamples {
    static func telling(_ credentials: CustomChannelCredentials, http: HTTPClient, now: Int64) async throws {
        // telling:begin
        let webhook = CustomChannelWebhook(credentials, transport: http)
        let event = CustomChannelEvent(
            contactID: try credentials.idType.normalized("+60 17-787 2890"), .message(.text("Is it open today?")),
            mID: CustomChannelMessageID(.incoming, milliseconds: now), timestamp: now)
        try await webhook.post(event, now: now)
        // telling:end
    }

    static func asked(
        _ credentials: CustomChannelCredentials, headers: [String], body: [UInt8], now: Int64,
        refuse: (Int) -> JSON, accept: (JSON) -> JSON,
        deliver: (CustomChannelMessage, String, CustomChannelMessageID) async throws -> Void
    ) async throws -> JSON {
        // asked:begin
        guard CustomChannelToken.admits(authorization: headers, to: [credentials.token]) else { return refuse(401) }
        let call = try CustomChannelCall(parsing: body, channelID: credentials.channelID, idType: credentials.idType)
        let mID = CustomChannelMessageID(.outgoing, milliseconds: now)
        try await deliver(call.message, call.contactID, mID)
        return accept(CustomChannelAnswer.accepted(mID))
        // asked:end
    }
}

@Suite struct DocumentationTests {
    @Test(arguments: ["telling", "asked"])
    func examplesOfThePageAreTheOnesThatCompile(name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Sources/CustomChannelAPI/CustomChannelAPI.docc")
        let page = try words(folder.appending(path: "CustomChannelAPI.md"))
        let source = try words(URL(filePath: #filePath))
        let parts = source.components(separatedBy: "// \(name):begin ")
        let example = try #require(parts.last?.components(separatedBy: " // \(name):end").first)
        #expect(parts.count > 1 && page.contains(example))
    }

    private func words(_ file: URL) throws -> String {
        String(decoding: try Data(contentsOf: file), as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}
