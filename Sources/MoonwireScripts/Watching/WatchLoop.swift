/// The watcher's thread: waits for changes, lets a burst pass, and tells.
///
/// Besides listening it looks at the files' marks now and then: often where the system tells nothing, and seldom
/// elsewhere, for what no notification tells of (a link on the way to the folder that leads elsewhere, a network disk).
struct WatchLoop {
    let source: any ChangeSource
    let footprint: () -> ScriptFootprint
    /// How often to look where nothing is heard.
    let pollInterval: Duration
    /// How often to look in any case.
    let lookInterval: Duration
    let tell: () -> Void

    func run(_ debounce: ChangeDebounce) {
        var debounce = debounce
        var (hears, marks) = listen()
        // What happened before the first look was not heard.
        tell()
        var nextLook = ContinuousClock.now + (hears ? lookInterval : pollInterval)
        while true {
            let signal = source.wait(until: min(debounce.due ?? nextLook, nextLook))
            let now = ContinuousClock.now
            switch signal {
            case .stopped: return
            case .changed: debounce.changed(at: now)
            case .nothing: break
            }
            if now >= nextLook {
                nextLook = now + (hears ? lookInterval : pollInterval)
                let fresh = FileMarks(footprint().existingFiles())
                if fresh != marks {
                    marks = fresh
                    debounce.changed(at: now)
                }
            }
            if debounce.ends(at: now) {
                // Listening comes before telling: whoever reads the files now reads what is there now, and what
                // happens later is heard.
                (hears, marks) = listen()
                tell()
            }
        }
    }

    private func listen() -> (hears: Bool, marks: FileMarks) {
        let footprint = footprint()
        let hears = source.listen(to: footprint.existingFolders())
        return (hears, FileMarks(footprint.existingFiles()))
    }
}
