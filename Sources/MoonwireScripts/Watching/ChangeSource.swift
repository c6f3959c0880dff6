/// Where a watcher waits for something to happen on the disk. Used by one thread, but for `stop`.
protocol ChangeSource: AnyObject, Sendable {
    /// Takes these folders, and no others, for the ones to listen to.
    ///
    /// - Returns: Whether all of them can be listened to; if not, the watcher must look more often by itself.
    func listen(to folders: Set<String>) -> Bool

    /// Waits until a time, a change or the end.
    func wait(until time: ContinuousClock.Instant) -> ChangeSignal

    /// Ends a wait under way and all later ones. May be called from any thread, any number of times.
    func stop()
}

enum ChangeSignal {
    case nothing
    case changed
    case stopped
}
