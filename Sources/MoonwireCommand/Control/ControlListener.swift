#if canImport(CDispatch)
    // Holds "stat" when everything is compiled at once.
    import CDispatch
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file of a listening Unix socket that only its owner may connect to.
struct ControlListener {
    let path: String
    /// Belongs to whoever listens on it.
    let descriptor: Int32
    private let identity: Identity?

    private struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64
    }

    /// Makes the socket. What an earlier host left at the path is replaced: that it is gone is known by the journal's
    /// lock, which this host has.
    ///
    /// - Throws: `HostError`.
    init(path: String) throws(HostError) {
        self.path = path
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFSOCK else {
                throw HostError("\(path) is in the way of the host's control socket; move it away")
            }
            unlink(path)
        }
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw Self.failure(path) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // On Linux the file gets its mode from the socket, so that there is no moment in which others could connect.
        _ = fchmod(descriptor, 0o600)
        guard Self.bind(descriptor, to: path), chmod(path, 0o600) == 0 else {
            let failure = Self.failure(path)
            close(descriptor)
            throw failure
        }
        self.descriptor = descriptor
        identity = Self.identity(of: path)
    }

    /// Removes the file, unless it is another host's by now.
    func remove() {
        if identity != nil, Self.identity(of: path) == identity { unlink(path) }
    }

    private static func bind(_ descriptor: Int32, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return false
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #if canImport(Glibc)
                    Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                #elseif canImport(Musl)
                    Musl.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                #else
                    Darwin.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                #endif
            }
        }
    }

    private static func identity(of path: String) -> Identity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino))
    }

    private static func failure(_ path: String) -> HostError {
        HostError("the control socket \(path) cannot be made: \(String(cString: strerror(errno)))")
    }
}
