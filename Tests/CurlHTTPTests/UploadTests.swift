import CurlHTTP
import Foundation
import Testing

@Suite struct UploadTests {
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) async throws -> Result) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(url.path)
    }

    @Test func fileIsSentAsItIs() async throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let seen = Fact<ScriptedRequest>()
        try await withFile(bytes) { path in
            try await ScriptedServer.run(answering: { request in
                seen.establish(request)
                return ScriptedServer.answer()
            }) { server in
                try await withClient { client in
                    _ = try await client.send(
                        HTTPRequest(.put, server.base, body: .file(path: path, contentType: "image/png")))
                }
            }
        }
        let request = await seen.value
        #expect(request.method == "PUT")
        #expect(request["Content-Type"] == "image/png")
        #expect(request["Content-Length"] == "200000")
        #expect(request.body == bytes)
    }

    @Test func multipartCarriesFieldsAndFiles() async throws {
        let seen = Fact<ScriptedRequest>()
        try await withFile(Array("file\0bytes".utf8)) { path in
            try await ScriptedServer.run(answering: { request in
                seen.establish(request)
                return ScriptedServer.answer()
            }) { server in
                try await withClient { client in
                    _ = try await client.send(
                        HTTPRequest(
                            .post, server.base, headers: [.init("X-Token", "t")],
                            body: .multipart([
                                .init(name: "content", text: "مرحبا"),
                                .init(name: "empty", text: ""),
                                .init(
                                    name: "attachments[]", filename: "a \"b\"\r\nX: y.png", contentType: "image/png",
                                    content: .file(path: path)),
                            ])))
                }
            }
        }
        let request = await seen.value
        let type = try #require(request["Content-Type"])
        let boundary = try #require(type.components(separatedBy: "boundary=").last)
        let expected = [
            "--\(boundary)", "Content-Disposition: form-data; name=\"content\"", "", "مرحبا",
            "--\(boundary)", "Content-Disposition: form-data; name=\"empty\"", "", "",
            "--\(boundary)",
            "Content-Disposition: form-data; name=\"attachments[]\"; filename=\"a %22b%22%0D%0AX: y.png\"",
            "Content-Type: image/png", "", "file\0bytes", "--\(boundary)--", "",
        ].joined(separator: "\r\n")
        #expect(type.hasPrefix("multipart/form-data; "))
        #expect(request.text == expected)
        #expect(request["Content-Length"] == "\(expected.utf8.count)")
        #expect(request["X-Token"] == "t")
        #expect(request["Expect"] == nil)
    }

    @Test func largeFileIsNotHeldInMemory() async throws {
        let size = 1024 * 1024 * 1024
        try await withFile([]) { path in
            #expect(truncate(path, off_t(size)) == 0)
            try await ScriptedServer.run({ connection in
                guard connection.readHead() != nil else { return }
                // The parts' frame comes on top of the file, so the client is still sending its last bytes.
                if connection.discard(size) { connection.send(ScriptedServer.answer()) }
                connection.readToClose()
            }) { server in
                try await withClient { client in
                    let before = residentBytes()
                    let response = try await client.send(
                        HTTPRequest(
                            .post, server.base, body: .multipart([.init(name: "f", content: .file(path: path))]),
                            timeout: .seconds(120)))
                    #expect(response.status == 200)
                    #expect(residentBytes() - before < size / 2)
                }
            }
        }
    }

    @Test func missingFileFailsBeforeAnythingIsSent() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer() }) { server in
            try await withClient { client in
                for path in ["/nonexistent/file", "/", "/tmp/a\0b"] {
                    let error = try await client.failure(
                        of: HTTPRequest(.post, server.base, body: .file(path: path, contentType: "")))
                    #expect(error.code == .file)
                    #expect(!error.mayHaveBeenSent)
                    #expect(!"\(error)".contains("nonexistent"))
                }
                #expect(server.connectionCount == 0)
            }
        }
    }

    @Test(arguments: [false, true])
    func fileThatShrinksMeanwhileIsAnError(inParts: Bool) async throws {
        let size = 64 * 1024 * 1024
        try await withFile([]) { path in
            #expect(truncate(path, off_t(size)) == 0)
            try await ScriptedServer.run({ connection in
                guard connection.readHead() != nil else { return }
                // The client cannot have sent it all: socket buffers are smaller than the file.
                truncate(path, 10)
                connection.readToClose()
            }) { server in
                try await withClient { client in
                    let body: HTTPBody =
                        inParts
                        ? .multipart([.init(name: "f", content: .file(path: path))])
                        : .file(path: path, contentType: "")
                    let error = try await client.failure(of: HTTPRequest(.post, server.base, body: body))
                    #expect(error.code == .file)
                    #expect(error.mayHaveBeenSent)
                }
            }
        }
    }
}

private func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
}
