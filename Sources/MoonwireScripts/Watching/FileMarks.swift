import Moonwire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What tells without reading that a file is another than before: its identity, its size and when it was written.
struct FileMarks: Equatable {
    private struct Mark: Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    private var marks: [String: Mark] = [:]

    /// Follows links. A file that is not there has no mark.
    init(_ files: Set<String>) {
        for file in files {
            var status = stat()
            guard stat(file, &status) == 0 else { continue }
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            marks[file] = Mark(
                device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(status.st_ino),
                size: Int64(status.st_size), seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
        }
    }
}
