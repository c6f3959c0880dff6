import EventJSON

/// Payloads of the application on their way out.
enum OutgoingJSON {
    /// The payload on one line: a raw newline would break the peer's split into commands.
    ///
    /// Throws `CentrifugeError` when it is not one JSON value, which would cost the whole connection.
    static func line(_ data: [UInt8]) throws(CentrifugeError) -> [UInt8] {
        do {
            try JSONParser(maxBytes: data.count, maxDepth: 1024).parse(data) { _ in }
        } catch {
            throw CentrifugeError(.badRequest, 107, "What was to be sent is not JSON: \(error)", retryable: false)
        }
        // The parser overlooks a byte order mark, the peer does not.
        let data = data.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(data.dropFirst(3)) : data
        // Inside a text a newline is escaped: a raw one is white space.
        guard data.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return data }
        return data.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    }
}
