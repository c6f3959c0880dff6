import Foundation
import Moonwire

/// Where a host listens: beside its journal, as `<journal>.control`.
///
/// A socket's path is short by the system's rule (108 bytes on Linux). Where the journal's is too long, the socket lies
/// in `XDG_RUNTIME_DIR`, else in the folder for temporary files, under a digest of the journal's path; host and client
/// come to the same.
enum ControlPath {
    #if os(Linux)
        private static let limit = 107
    #else
        private static let limit = 103
    #endif

    /// The places that a client looks at, the host's own first. A client's environment may differ from its host's, so
    /// that it looks at more than one.
    static func candidates(
        journal: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [String] {
        let beside = journal + ".control"
        guard beside.utf8.count > limit else { return [beside] }
        var hash = StableHash()
        hash.combine(journal.utf8)
        let name = "moonwire-\(String(hash.value, radix: 16)).control"
        var folders = ["/tmp"]
        if let folder = environment["XDG_RUNTIME_DIR"], !folder.isEmpty { folders.insert(folder, at: 0) }
        return folders.map { $0 + "/" + name }.filter { $0.utf8.count <= limit }
    }
}
