import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file for a recording, which only its owner may read.
enum RecordingFile {
    /// - Throws: `HostError` when the file is there already and may not be replaced, or cannot be made.
    static func create(_ path: String, replacing: Bool) throws -> FileHandle {
        // A replaced file would keep its old mode, and a link would lead elsewhere.
        if replacing { unlink(path) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw HostError("\(path) is there already; --force replaces it", isWrongInput: true)
            }
            throw HostError("\(path) cannot be made: \(String(cString: strerror(errno)))", isWrongInput: true)
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
