import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which certificate authorities are trusted.
///
/// A private authority is trusted in addition to the system's: a host that needs one talks to public servers as well.
enum TrustStore: Sendable {
    /// libcurl's default bundle, without the directory of the same certificates: libcurl keeps a parsed bundle for the
    /// next connection only when there is no directory, and parsing one takes milliseconds.
    case system
    /// The private file, beside the system's directory, in which OpenSSL looks certificates up one by one.
    case file(String, directory: String)
    /// The private file and the system's bundle in one, where the system has no directory.
    case bundle([UInt8])
    case none

    init(caFile: String?, verifies: Bool) throws(HTTPError) {
        guard verifies else {
            self = .none
            return
        }
        guard let caFile else {
            self = .system
            return
        }
        guard let bytes = Self.read(caFile) else {
            throw Self.failure("The file of certificate authorities (caFile) cannot be read.")
        }
        guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
            throw Self.failure("The file of certificate authorities (caFile) holds no PEM certificate.")
        }
        if let directory = ccurl_default_ca_directory(), Self.isDirectory(String(cString: directory)) {
            self = .file(caFile, directory: String(cString: directory))
        } else if let bundle = ccurl_default_ca_file().flatMap({ Self.read(String(cString: $0)) }) {
            self = .bundle(bytes + [UInt8(ascii: "\n")] + bundle)
        } else {
            self = .bundle(bytes)
        }
    }

    private static func failure(_ message: String) -> HTTPError {
        HTTPError(.configuration, message: message, retryable: false, mayHaveBeenSent: false)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let source = try? BodySource(path: path), source.size <= 16 * 1024 * 1024 else { return nil }
        var isComplete = true
        let bytes = [UInt8](unsafeUninitializedCapacity: source.size) { buffer, count in
            while count < source.size {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                guard let step = source.read(into: rest), step > 0 else {
                    isComplete = false
                    return
                }
                count += step
            }
        }
        return isComplete ? bytes : nil
    }
}
