import Foundation
import NIOSSL

extension ServerSettings.TLS {
    /// Reads the files.
    ///
    /// - Throws: `ServerError` that names the file and what is wrong with it.
    func configuration() throws(ServerError) -> TLSConfiguration {
        for file in [certificate, key] where !FileManager.default.isReadableFile(atPath: file) {
            throw ServerError(.tls, "\(file): there is no such file, or the host may not read it")
        }
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw ServerError(.tls, "\(certificate): this is no certificate in PEM form")
        }
        guard !chain.isEmpty else { throw ServerError(.tls, "\(certificate): there is no certificate in it") }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw ServerError(.tls, "\(key): this is no private key in PEM form, or it needs a pass phrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerError(.tls, "\(key): the key does not belong to the certificate \(certificate)")
        }
        return configuration
    }
}
