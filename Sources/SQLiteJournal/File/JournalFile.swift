import Moonwire
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file on the disk and the lock that makes this process its only host.
///
/// The lock is an advisory one on a file of its own beside the journal. A lock on the journal itself would meet SQLite's
/// own locks, which vanish when any descriptor of that file is closed; for the same reason this object keeps its
/// descriptor of the journal until SQLite has closed its own. The system drops the lock with the process.
final class JournalFile: Sendable {
    let path: String
    private struct Descriptors {
        let file: Int32
        let lock: Int32
    }

    private let descriptors: Mutex<Descriptors?>

    /// Takes the lock and creates the file, readable by its owner only, when there is none.
    init(path: String) throws(JournalError) {
        self.path = path
        let lockPath = path + ".lock"
        let lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Self.failure(opening: path, errno) }
        guard Self.take(lock) else {
            let owner = Self.owner(lock)
            close(lock)
            throw JournalError(
                .locked,
                "The journal \(path) is in use by another process\(owner). Stop that one, or give this host a journal "
                    + "of its own.")
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let code = errno
            close(lock)
            throw Self.failure(opening: path, code)
        }
        // A journal holds what clients wrote. Where it belongs to someone else, its permissions are theirs to set.
        _ = fchmod(file, 0o600)
        Self.sign(lock)
        descriptors = Mutex(Descriptors(file: file, lock: lock))
    }

    deinit {
        release()
    }

    /// Tries for a moment: a host that is just ending still has the lock, and so has a child process between its birth
    /// and its program.
    private static func take(_ lock: Int32) -> Bool {
        for _ in 0..<50 {
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(10_000)
        }
        return false
    }

    /// Gives the lock up. Only after SQLite has closed the file.
    func release() {
        let released = descriptors.withLock { descriptors in
            defer { descriptors = nil }
            return descriptors
        }
        guard let released else { return }
        close(released.file)
        close(released.lock)
    }

    /// Waits until what SQLite wrote to the file is on the disk.
    func sync() {
        // Not under the lock: the disk may take its time.
        guard let file = descriptors.withLock({ $0?.file }) else { return }
        _ = fsync(file)
    }

    private static func sign(_ lock: Int32) {
        let note = Array("\(getpid())\n".utf8)
        _ = ftruncate(lock, 0)
        _ = pwrite(lock, note, note.count, 0)
    }

    private static func owner(_ lock: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(lock, &buffer, buffer.count, 0)
        let digits = buffer.prefix(max(0, count)).prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return digits.isEmpty ? "" : " (\(String(decoding: digits, as: UTF8.self)))"
    }

    private static func failure(opening path: String, _ code: Int32) -> JournalError {
        switch code {
        case ENOENT:
            JournalError(.unreadable, "The journal \(path) cannot be created: its folder does not exist. Create it.")
        case ENOSPC, EDQUOT:
            JournalError(.full, "The journal \(path) cannot be created: the disk is full. Make room.")
        case EACCES, EPERM, EROFS:
            JournalError(
                .unreadable,
                "The journal \(path) cannot be opened for writing: permission denied. Let this user write to the file "
                    + "and its folder.")
        case EISDIR:
            JournalError(.unreadable, "The journal \(path) is a folder. Name a file.")
        default:
            JournalError(.unreadable, "The journal \(path) cannot be opened: \(String(cString: strerror(code))).")
        }
    }
}
