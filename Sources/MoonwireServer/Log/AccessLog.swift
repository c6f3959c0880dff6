import Logging

/// One line for each answer. Neither headers nor the query ever stand in it.
struct AccessLog: Sendable {
    struct Entry: Sendable {
        /// `-` when the request had none that could be read.
        var method = "-"
        var path = "-"
        var id: String
        var remoteAddress: String?
        var status = 0
        /// Of the answer's body.
        var bytes = 0
        var duration = Duration.zero
    }

    let logger: Logger
    let listener: String

    func write(_ entry: Entry) {
        logger.info(
            "Request",
            metadata: [
                "http.method": "\(entry.method)", "http.path": "\(Self.printable(entry.path))",
                "http.status": "\(entry.status)", "http.bytes": "\(entry.bytes)",
                "http.milliseconds": "\((entry.duration / .microseconds(10)).rounded() / 100)",
                "request.id": "\(entry.id)", "request.from": "\(entry.remoteAddress ?? "-")",
                "server.listener": "\(listener)",
            ])
    }

    /// - Parameter count: Since it was last told.
    func refused(_ address: String, limit: Int, count: Int) {
        logger.warning(
            """
            Connections are refused: one address has as many as it may. If it is a proxy, name it in \
            server.trusted_proxies; else see server.connections_per_address
            """,
            metadata: [
                "request.from": "\(address)", "server.connections_per_address": "\(limit)",
                "server.refused": "\(count)",
                "server.listener": "\(listener)",
            ])
    }

    /// A path is written by whoever calls: no line breaks, no escape codes, no endless ones.
    static func printable(_ path: String) -> String {
        var text = ""
        for byte in path.utf8.prefix(256) {
            if (0x21...0x7E).contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return path.utf8.count > 256 ? text + "…" : text
    }
}
