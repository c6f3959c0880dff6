import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sockets libcurl wants watched, laid out for `poll`; the alarm is always the first.
struct PollSet {
    struct Ready {
        let socket: Int32
        let events: Int32
    }

    private var entries: [pollfd]
    /// Position in `entries` by descriptor; -1 for none. Descriptors are small numbers.
    private var positions: [Int32] = []

    init(alarm: Int32) {
        entries = [pollfd(fd: alarm, events: Int16(POLLIN), revents: 0)]
    }

    /// `what` is libcurl's `CURL_POLL_*`.
    mutating func watch(_ socket: Int32, _ what: Int32) {
        guard socket >= 0 else { return }
        let index = Int(socket)
        while positions.count <= index { positions.append(-1) }
        var events: Int16 = 0
        if what & CURL_POLL_IN != 0 { events |= Int16(POLLIN) }
        if what & CURL_POLL_OUT != 0 { events |= Int16(POLLOUT) }
        let position = Int(positions[index])
        if what == CURL_POLL_REMOVE {
            guard position > 0 else { return }
            entries.swapAt(position, entries.count - 1)
            positions[Int(entries[position].fd)] = Int32(position)
            positions[index] = -1
            entries.removeLast()
        } else if position > 0 {
            entries[position].events = events
        } else {
            positions[index] = Int32(entries.count)
            entries.append(pollfd(fd: socket, events: events, revents: 0))
        }
    }

    /// Waits and lists what is ready, so that the set may change while the list is worked through.
    /// Returns whether the alarm rang.
    mutating func wait(milliseconds: Int32, into ready: inout [Ready]) -> Bool {
        ready.removeAll(keepingCapacity: true)
        guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return false }
        for entry in entries.dropFirst() where entry.revents != 0 {
            var events: Int32 = 0
            if entry.revents & Int16(POLLIN | POLLHUP) != 0 { events |= CURL_CSELECT_IN }
            if entry.revents & Int16(POLLOUT) != 0 { events |= CURL_CSELECT_OUT }
            if entry.revents & Int16(POLLERR | POLLNVAL) != 0 { events |= CURL_CSELECT_ERR }
            ready.append(Ready(socket: entry.fd, events: events))
        }
        return entries[0].revents != 0
    }
}
