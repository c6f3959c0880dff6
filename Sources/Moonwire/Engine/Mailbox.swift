#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where work for one thread is left by many: a list that its owner drains whole, and sleeps when it is empty.
///
/// `@unchecked Sendable`: all variables are touched only while `lock` is held.
final class Mailbox<Message: Sendable>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var messages: [Message] = []
    private var isWaiting = false
    /// What to do with messages after the end.
    private var refuse: (@Sendable (Message) -> Void)?

    init() {
        lock = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(lock, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(lock)
        condition.deallocate()
        lock.deallocate()
    }

    func post(_ message: Message) {
        pthread_mutex_lock(lock)
        if let refuse {
            pthread_mutex_unlock(lock)
            refuse(message)
            return
        }
        messages.append(message)
        let mustWake = isWaiting
        isWaiting = false
        pthread_mutex_unlock(lock)
        if mustWake { pthread_cond_signal(condition) }
    }

    /// Ends the mailbox: what is in it, and what comes later, goes to `refuse`.
    func close(_ refuse: @escaping @Sendable (Message) -> Void) {
        pthread_mutex_lock(lock)
        self.refuse = refuse
        let left = messages
        messages = []
        pthread_mutex_unlock(lock)
        for message in left { refuse(message) }
    }

    /// Takes all that is there; waits until something is, or at most `timeout`.
    func drain(waitingFor timeout: Duration?) -> [Message] {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        if messages.isEmpty {
            wait(timeout)
        }
        var taken: [Message] = []
        swap(&taken, &messages)
        return taken
    }

    private func wait(_ timeout: Duration?) {
        guard let timeout else {
            while messages.isEmpty {
                isWaiting = true
                pthread_cond_wait(condition, lock)
            }
            return
        }
        guard timeout > .zero else { return }
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let (seconds, attoseconds) = timeout.components
        let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(min(seconds, 86_400)) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        while messages.isEmpty {
            isWaiting = true
            if pthread_cond_timedwait(condition, lock, &deadline) == ETIMEDOUT { break }
        }
        isWaiting = false
    }
}
