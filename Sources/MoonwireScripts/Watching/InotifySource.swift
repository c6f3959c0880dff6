#if os(Linux)
    import Moonwire
    import Synchronization

    #if canImport(Glibc)
        import Glibc
    #else
        import Musl
    #endif

    /// Hears of changes from the kernel.
    final class InotifySource: ChangeSource {
        private let notifications: Int32
        private let stopReader: Int32
        private let stopWriter: Int32
        /// The folder of each watch. Only the watcher's thread uses it; the lock costs nothing.
        private let watches = Mutex<[Int32: String]>([:])

        /// What editors, copies, checkouts and renames over a file have in common: at the end one of these comes.
        private static let interest = UInt32(
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF)

        /// `nil` when the user's limit of inotify instances is reached, or no file descriptors are left.
        init?() {
            let notifications = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
            guard notifications >= 0 else { return nil }
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                close(notifications)
                return nil
            }
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
            self.notifications = notifications
            stopReader = ends[0]
            stopWriter = ends[1]
        }

        deinit {
            close(notifications)
            close(stopReader)
            close(stopWriter)
        }

        /// Never read: the pipe stays ready, and each wait ends at once.
        func stop() {
            var byte: UInt8 = 1
            _ = write(stopWriter, &byte, 1)
        }

        func listen(to folders: Set<String>) -> Bool {
            watches.withLock { watches in
                for (watch, folder) in watches where !folders.contains(folder) {
                    inotify_rm_watch(notifications, watch)
                    watches[watch] = nil
                }
                var isComplete = true
                for folder in folders {
                    // Adding what is there already gives the same watch, or a new one where the path now leads to
                    // another folder.
                    let watch = inotify_add_watch(notifications, folder, Self.interest)
                    if watch >= 0 {
                        for (old, name) in watches where name == folder && old != watch {
                            inotify_rm_watch(notifications, old)
                            watches[old] = nil
                        }
                        watches[watch] = folder
                    } else if errno != ENOENT && errno != ENOTDIR {
                        isComplete = false
                    }
                }
                return isComplete
            }
        }

        func wait(until time: ContinuousClock.Instant) -> ChangeSignal {
            let milliseconds = max(ContinuousClock.now.duration(to: time).milliseconds + 1, 0)
            var descriptors = [
                pollfd(fd: stopReader, events: Int16(POLLIN), revents: 0),
                pollfd(fd: notifications, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds))
            guard ready > 0 else { return .nothing }
            if descriptors[0].revents != 0 { return .stopped }
            return readNotifications() ? .changed : .nothing
        }

        /// Takes in all that has come. Returns whether any of it counts.
        private func readNotifications() -> Bool {
            var counts = false
            withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: MemoryLayout<inotify_event>.alignment) {
                buffer in
                while true {
                    let length = read(notifications, buffer.baseAddress, buffer.count)
                    guard length > 0 else { return }
                    var offset = 0
                    while offset + MemoryLayout<inotify_event>.size <= length {
                        let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                        let name = offset + MemoryLayout<inotify_event>.size
                        let end = min(name + Int(event.len), length)
                        if take(event, name: buffer[name..<end].prefix { $0 != 0 }) { counts = true }
                        offset = end
                    }
                }
            }
            return counts
        }

        private func take(_ event: inotify_event, name: some Collection<UInt8>) -> Bool {
            let mask = Int(event.mask)
            func has(_ flag: Int) -> Bool { mask & flag != 0 }
            if has(Int(IN_IGNORED)) || has(Int(IN_MOVE_SELF)) {
                // The path leads elsewhere now, or nowhere: the watch is made anew with the next look.
                watches.withLock { watches in
                    if watches.removeValue(forKey: event.wd) != nil, !has(Int(IN_IGNORED)) {
                        inotify_rm_watch(notifications, event.wd)
                    }
                }
                return true
            }
            if has(Int(IN_Q_OVERFLOW)) || has(Int(IN_DELETE_SELF)) || has(Int(IN_ISDIR)) { return true }
            // A new file is empty; it counts once it is closed. A link is complete when it is made.
            return name.reversed().starts(with: ".lua".utf8.reversed())
        }
    }
#endif
