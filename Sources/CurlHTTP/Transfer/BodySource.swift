#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes that are handed to libcurl piece by piece, from memory or from an open file.
///
/// `@unchecked Sendable`: made by the sender, afterwards used by the loop's thread alone.
final class BodySource: @unchecked Sendable {
    private enum Storage {
        case bytes([UInt8])
        case file(Int32)
    }

    private let storage: Storage
    /// Fixed when the source is made; it is announced to the server.
    let size: Int
    private var position = 0
    /// Set when the file ended before `size` bytes or could not be read.
    private(set) var isBroken = false

    init(bytes: [UInt8]) {
        storage = .bytes(bytes)
        size = bytes.count
    }

    /// Opens a regular file now, so that a missing one is known before anything is sent.
    init(path: String) throws(OpenFailure) {
        guard !path.utf8.contains(0) else { throw OpenFailure(reason: "its path is not valid") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw OpenFailure(reason: String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw OpenFailure(reason: "it is not a regular file")
        }
        storage = .file(descriptor)
        size = Int(status.st_size)
    }

    struct OpenFailure: Error {
        let reason: String
    }

    deinit {
        if case .file(let descriptor) = storage { closeDescriptor(descriptor) }
    }

    /// Copies the next bytes; 0 at the end, `nil` when they cannot be had.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = min(buffer.count, size - position)
        guard wanted > 0 else { return 0 }
        switch storage {
        case .bytes(let bytes):
            bytes.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position...].prefix(wanted)))
            }
            position += wanted
            return wanted
        case .file(let descriptor):
            var count = pread(descriptor, buffer.baseAddress, wanted, off_t(position))
            while count < 0, errno == EINTR { count = pread(descriptor, buffer.baseAddress, wanted, off_t(position)) }
            guard count > 0 else {
                isBroken = true
                return nil
            }
            position += count
            return count
        }
    }

    func seek(to offset: Int) -> Bool {
        guard (0...size).contains(offset) else { return false }
        position = offset
        return true
    }
}
