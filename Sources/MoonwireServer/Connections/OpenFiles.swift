import Foundation

/// How many files the process may have open; each connection is one.
public enum OpenFiles {
    /// Sets the limit in force to the highest that is allowed, as hosts of many connections do.
    public static func raiseLimit() {
        guard var limit = read(), limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }

    /// The limit in force; `nil` for none.
    static var limit: Int? {
        read().map { Int(clamping: $0.rlim_cur) }.flatMap { $0 == .max ? nil : $0 }
    }

    /// What may be taken by connections: the host needs files for its journal, its platforms and its scripts.
    static func forConnections(of limit: Int) -> Int {
        max(limit - max(64, limit / 4), 1)
    }

    private static func read() -> rlimit? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? limit : nil
    }

    #if canImport(Glibc)
        private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
    #else
        private static var resource: Int32 { RLIMIT_NOFILE }
    #endif
}
