internal import Synchronization

/// What one installation was seen to support. Share one between all APIs of the installation.
///
/// An observation about one feature bounds the upstream release, and so tells about others. May be used from anywhere.
public final class ChatwootCapabilities: Sendable {
    private struct State {
        var observed: [ChatwootFeature: Bool] = [:]
        var atLeast: ChatwootVersion?
        var below: ChatwootVersion?
    }

    private let state: Mutex<State>

    /// Knows nothing but the release, if that is given.
    public init(version: ChatwootVersion? = nil) {
        state = Mutex(
            State(atLeast: version, below: version.map { ChatwootVersion($0.major, $0.minor + 1) }))
    }

    /// Whether the installation supports a feature; nil when that is not known.
    public func supports(_ feature: ChatwootFeature) -> Bool? {
        state.withLock { state in
            if let observed = state.observed[feature] { return observed }
            if let atLeast = state.atLeast, atLeast >= feature.since { return true }
            if let below = state.below, below <= feature.since { return false }
            return nil
        }
    }

    /// Records what was seen.
    public func observe(_ feature: ChatwootFeature, supported: Bool) {
        state.withLock { state in
            state.observed[feature] = supported
            if supported {
                state.atLeast = max(state.atLeast ?? feature.since, feature.since)
            } else {
                state.below = min(state.below ?? feature.since, feature.since)
            }
        }
    }
}
