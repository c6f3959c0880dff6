#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that is open for reading. Folders, pipes and devices are refused, because they do not end or have no text.
final class RegularFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let state: State

    /// What changes when somebody writes into the file.
    private struct State: Equatable {
        let size: Int64
        let seconds: Int64
        let nanoseconds: Int64

        init(_ status: stat) {
            size = Int64(status.st_size)
            #if canImport(Darwin)
                (seconds, nanoseconds) = (Int64(status.st_mtimespec.tv_sec), Int64(status.st_mtimespec.tv_nsec))
            #else
                (seconds, nanoseconds) = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
            #endif
        }
    }

    /// - Throws: a sentence for a person.
    init(path: String) throws(BroadcastProblem) {
        self.path = path
        // A pipe that nobody writes into would hold the opening up.
        let descriptor = path.utf8.contains(0) ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: throw BroadcastProblem("there is no file \(path)")
            case EACCES: throw BroadcastProblem("the file \(path) cannot be read; check its permissions")
            default: throw Self.problem(path)
            }
        }
        var status = stat()
        let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
        guard kind == S_IFREG else {
            close(descriptor)
            throw BroadcastProblem(
                kind == S_IFDIR
                    ? "\(path) is a folder; name a file"
                    : "\(path) is no regular file; write what it gives into a file and name that")
        }
        self.descriptor = descriptor
        state = State(status)
    }

    deinit { close(descriptor) }

    /// The next bytes; none at the end.
    func read(upTo limit: Int) throws(BroadcastProblem) -> [UInt8] {
        var count = -1
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, written in
            repeat { count = systemRead(descriptor, buffer.baseAddress, limit) } while count < 0 && errno == EINTR
            written = max(count, 0)
        }
        guard count >= 0 else { throw Self.problem(path) }
        return bytes
    }

    /// Whether somebody has written into it since it was opened.
    var hasChanged: Bool {
        var status = stat()
        return fstat(descriptor, &status) != 0 || State(status) != state
    }

    private static func problem(_ path: String) -> BroadcastProblem {
        BroadcastProblem("the file \(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
