internal import CurlHTTP
internal import EventJSON

extension TwinOperatorAPI {
    /// Uploads files, which messages then name by id. `tooLarge` is final.
    ///
    /// `path` is a folder of the platform's store; after `ttl` the platform forgets the files.
    public func upload(
        _ files: [TwinFile], isPrivate: Bool? = nil, path: String? = nil, ttl: Duration? = nil
    ) async throws -> [TwinStoredFile] {
        var parts = files.map(\.part)
        if let isPrivate { parts.append(MultipartPart(name: "private", text: isPrivate ? "true" : "false")) }
        if let path { parts.append(MultipartPart(name: "path", text: path)) }
        if let ttl { parts.append(MultipartPart(name: "ttl", text: String(ttl.wholeSeconds))) }
        return try await iam.send(TwinCall(.post, "/files", body: .multipart(parts))) { root in
            // One file may come bare, and a list in its usual wrapper.
            let list = root.isArray ? root : root["items"]
            let stored = list?.elements.compactMap { TwinStoredFile($0) } ?? TwinStoredFile(root).map { [$0] } ?? []
            return stored.contains { $0.id == nil } || stored.isEmpty ? nil : stored
        }
    }

    /// Downloads a file, up to a size.
    public func download(file id: String, maxBytes: Int = 64 << 20) async throws -> TwinDownload {
        var call = TwinCall(.get, "/files/\(try Self.id(id))")
        call.maxResponseBytes = maxBytes
        call.redirectLimit = 3
        let response = try await iam.answer(call)
        return TwinDownload(bytes: response.body, contentType: response.headers["Content-Type"])
    }
}
