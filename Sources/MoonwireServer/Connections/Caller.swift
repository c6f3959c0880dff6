import Synchronization

/// Whoever is at the other end of a connection.
final class Caller: Sendable {
    private let isGone = Atomic(false)

    /// Whether the caller has ended its side. It may still read, but most who do so wait no longer: what is written to
    /// them goes into the kernel like any other answer, and nobody can tell whether it is read.
    var hasLeft: Bool { isGone.load(ordering: .acquiring) }

    func leave() { isGone.store(true, ordering: .releasing) }
}
