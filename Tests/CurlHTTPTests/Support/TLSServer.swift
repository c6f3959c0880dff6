import Foundation
import Testing

/// `tls_server.py` as a process of the test's own.
enum TLSServer {
    static func run<Result>(
        _ identity: Certificates.Identity, speaking version: String = "http/1.1",
        _ body: (_ base: String) async throws -> Result
    ) async throws -> Result {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("tls_server.py")
        let process = try ChildProcess(["python3", script.path, identity.certificate, identity.key, version])
        defer { _ = process.finish() }
        let port = try #require(UInt16(process.readLine()), "python3 is needed for a TLS server.")
        return try await body("https://127.0.0.1:\(port)")
    }
}
