import Foundation
import Moonwire
import Yams

extension ServerSection {
    private static let keys: Set = [
        "listen", "public_url", "tls", "private", "body_limit", "header_limit", "connections",
        "connections_per_address", "timeouts", "trusted_proxies",
    ]

    static func read(_ node: Node, _ reader: ConfigurationReader) -> ServerSection {
        var section = ServerSection()
        section.line = node.mark?.line
        for (key, value) in reader.mapping(node, "server", known: keys) {
            switch key {
            case "listen": section.listen = address(value, key, reader) ?? section.listen
            case "public_url": section.publicURL = publicURL(value, reader)
            case "tls": section.tls = tls(value, reader)
            case "private":
                for (_, value) in reader.mapping(value, "private", known: ["listen"]) {
                    section.privateListen = address(value, "private.listen", reader)
                }
            case "body_limit":
                section.bodyLimit = reader.integer(value, key, in: 1...(64 << 10)).map { $0 << 10 }
            case "header_limit":
                if let kibibytes = reader.integer(value, key, in: 1...64) { section.headerLimit = kibibytes << 10 }
            case "connections":
                section.connections = reader.integer(value, key, in: 1...65_536) ?? section.connections
            case "connections_per_address":
                section.connectionsPerAddress = reader.integer(value, key, in: 1...65_536)
            case "timeouts": section.timeouts.read(value, reader)
            default: section.trustedProxies = reader.strings(value, key)
            }
        }
        if let other = section.privateListen, other == section.listen, other.port != 0 {
            reader.report(node, "'private.listen' must be another address than 'listen'")
        }
        return section
    }

    /// `host:port`, `[::1]:port`, or `:port` for all addresses of the machine.
    private static func address(_ node: Node, _ name: String, _ reader: ConfigurationReader) -> Address? {
        guard let text = reader.string(node, name) else { return nil }
        if let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        {
            var host = String(text[..<colon])
            if host.isEmpty { host = "0.0.0.0" }
            if host.hasPrefix("["), host.hasSuffix("]") {
                return Address(host: String(host.dropFirst().dropLast()), port: port)
            }
            if !host.contains(":"), !host.contains("/") { return Address(host: host, port: port) }
        }
        reader.report(node, "'\(name)' must be host:port, such as 127.0.0.1:8080 or [::1]:8080")
        return nil
    }

    private static func publicURL(_ node: Node, _ reader: ConfigurationReader) -> String? {
        guard var text = reader.string(node, "public_url") else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme ?? ""),
            url.host?.isEmpty == false, url.query == nil, url.fragment == nil, url.user == nil
        else {
            reader.report(
                node, "'public_url' must be how the world reaches the host, such as https://bots.example.com")
            return nil
        }
        return text
    }

    private static func tls(_ node: Node, _ reader: ConfigurationReader) -> TLS? {
        var files: [String: String] = [:]
        for (key, value) in reader.mapping(node, "tls", known: ["certificate", "key"]) {
            guard let path = reader.string(value, key).map({ reader.url($0).path }) else { continue }
            if !FileManager.default.isReadableFile(atPath: path) {
                reader.report(value, "'tls.\(key)': there is no file \(path), or it may not be read")
            }
            files[key] = path
        }
        guard let certificate = files["certificate"], let key = files["key"] else {
            reader.report(node, "'tls' needs 'certificate' and 'key', the paths of two PEM files")
            return nil
        }
        return TLS(certificate: certificate, key: key)
    }
}

extension ServerSection.Timeouts {
    fileprivate mutating func read(_ node: Node, _ reader: ConfigurationReader) {
        for (key, value) in reader.mapping(node, "timeouts", known: ["head", "body", "idle", "write", "drain"]) {
            guard let duration = reader.duration(value, key) else { continue }
            guard duration > .zero else {
                reader.report(value, "'timeouts.\(key)' must be longer than nothing")
                continue
            }
            switch key {
            case "head": head = duration
            case "body": body = duration
            case "idle": idle = duration
            case "write": write = duration
            default: drain = duration
            }
        }
    }
}
