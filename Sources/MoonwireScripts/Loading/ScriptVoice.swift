import Synchronization

/// Whether lines of a script reach the log. Set on the script's lane; `print` asks through a closure that any thread
/// might call.
final class ScriptVoice: Sendable {
    private let muted = Atomic(false)

    var isMuted: Bool {
        get { muted.load(ordering: .relaxed) }
        set { muted.store(newValue, ordering: .relaxed) }
    }
}
