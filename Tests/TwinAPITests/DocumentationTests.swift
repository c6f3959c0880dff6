import CurlHTTP
import EventJSON
import Foundation
import Testing
import TwinAPI

/// The examples of the documentation page, compiled. The test compares them with the page, word by word.
private enum DocumentedExamples {
    static func seat(installation: TwinInstallation, credentials: TwinCredentials, http: HTTPClient) async throws {
        // seat:begin
        let account = TwinAccount(installation, credentials: credentials, transport: http)
        let api = TwinOperatorAPI(account)
        try await account.running {
            let me = try await api.me()
            let held = try await api.allSessions(.init(operatorID: me.id))
            for session in held where session.hasUnreadClientMessages == true {
                _ = try await api.send(.init("One moment, please."), to: session.id)
            }
        }
        // seat:end
    }

    static func stream(
        me: String, account: TwinAccount, api: TwinOperatorAPI, parser: JSONParser, publications: AsyncStream<[UInt8]>,
        open: (String, String) -> Void
    ) async throws {
        // stream:begin
        let connection = try await account.connection()
        open(connection.url, connection.data.exposed)
        for await data in publications {
            let event = try TwinEvent(publication: data, parser: parser)
            guard event.concerns(operator: me) else { continue }
            switch (event.name, event.content) {
            case (.chatMessageCreated, .message(let message)) where message.authorType == .client:
                _ = try await api.send(.init("You said: \(message.body ?? "")"), to: message.sessionID ?? "")
            case (.operatorBlocked, _): await account.stop("The operator was blocked.")
            default: break
            }
        }
        // stream:end
    }
}

@Suite struct DocumentationTests {
    @Test(arguments: ["seat", "stream"])
    func examplesOfThePageAreTheOnesThatCompile(name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try text(root.appending(path: "Sources/TwinAPI/TwinAPI.docc/TwinAPI.md"))
        let source = try text(URL(filePath: #filePath))
        let example = try #require(between("// \(name):begin", "// \(name):end", in: source))
        let words = example.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(!words.isEmpty)
        #expect(page.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(words))
    }

    private func text(_ file: URL) throws -> String {
        String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    private func between(_ start: String, _ end: String, in text: String) -> Substring? {
        guard let start = text.range(of: start), let end = text.range(of: end) else { return nil }
        return text[start.upperBound..<end.lowerBound]
    }
}
