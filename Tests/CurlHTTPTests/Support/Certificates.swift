import Foundation

/// Keys and certificates made by the `openssl` program in a directory of their own.
struct Certificates: Sendable {
    let directory: URL

    /// Made once for all tests.
    static let shared: Certificates? = try? Certificates()

    var authority: String { path("ca.pem") }

    struct Identity: Sendable {
        let certificate: String
        let key: String
    }

    func identity(_ name: String) -> Identity {
        Identity(certificate: path("\(name).pem"), key: path("\(name).key"))
    }

    private init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("curlhttp-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=TestAuthority "
                + "-keyout ca.key -out ca.pem")
        try issue("good", host: "IP:127.0.0.1,DNS:localhost", days: "30")
        try issue("expired", host: "IP:127.0.0.1", days: "-1")
        try issue("other", host: "DNS:elsewhere.example", days: "30")
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=selfsigned "
                + "-addext subjectAltName=IP:127.0.0.1 -keyout selfsigned.key -out selfsigned.pem")
    }

    private func issue(_ name: String, host: String, days: String) throws {
        try "subjectAltName=\(host)".write(toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
        try openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) "
                + "-keyout \(name).key -out \(name).csr")
        try openssl(
            "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days \(days) "
                + "-extfile \(name).ext -out \(name).pem")
    }

    private func openssl(_ arguments: String) throws {
        let words =
            ["openssl"]
            + arguments.split(separator: " ").map { word in
                let isFile = [".pem", ".key", ".csr", ".ext"].contains { word.hasSuffix($0) }
                return isFile ? path(String(word)) : String(word)
            }
        guard try ChildProcess(words).finish() == 0 else { throw ChildProcess.Failure() }
    }

    private func path(_ name: String) -> String {
        directory.appendingPathComponent(name).path
    }
}
