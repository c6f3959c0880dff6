import Foundation

/// Tells when files of scripts change.
///
/// It says only that something has changed, once for each burst of changes: what did is known by reading the scripts
/// and comparing their versions. Listens by inotify; where that cannot be had, it looks twice a second.
public struct ScriptWatcher: Sendable {
    private let footprint: @Sendable () -> ScriptFootprint
    private let debounce: ChangeDebounce
    private let pollInterval: Duration
    private let lookInterval: Duration
    private let listens: Bool

    /// - Parameter footprint: what to look at. Asked again after each change, because a change can bring new files;
    ///   called on the watcher's thread.
    public init(_ footprint: @escaping @Sendable () -> ScriptFootprint) {
        self.init(footprint, debounce: ChangeDebounce())
    }

    init(
        _ footprint: @escaping @Sendable () -> ScriptFootprint, debounce: ChangeDebounce,
        pollInterval: Duration = .milliseconds(500), lookInterval: Duration = .seconds(5), listens: Bool = true
    ) {
        self.footprint = footprint
        self.debounce = debounce
        self.pollInterval = pollInterval
        self.lookInterval = lookInterval
        self.listens = listens
    }

    /// Begins to watch. The first element comes at once, when everything is listened to; each later one after a burst
    /// of changes. Elements that nobody takes become one.
    ///
    /// The watch ends with the stream: when its task is cancelled, or nobody holds it any more.
    public func changes() -> AsyncStream<Void> {
        changes(from: makeSource())
    }

    func changes(from source: any ChangeSource) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { _ in source.stop() }
        let thread = Thread { [footprint, debounce, pollInterval, lookInterval] in
            WatchLoop(
                source: source, footprint: footprint, pollInterval: pollInterval, lookInterval: lookInterval,
                tell: { continuation.yield() }
            ).run(debounce)
        }
        thread.name = "script watcher"
        thread.start()
        return stream
    }

    private func makeSource() -> any ChangeSource {
        #if os(Linux)
            if listens, let source = InotifySource() { return source }
        #endif
        return TimedSource()
    }
}
