import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A thread that runs one `TransferLoop`, and the mailbox that leads to it.
///
/// The thread owns what it uses and frees it itself, so letting go of this object never waits.
final class LoopThread: Sendable {
    let mailbox: Mailbox
    /// Taken out by whoever joins or detaches, so that exactly one does.
    private let thread: Mutex<ThreadIdentity?>

    /// `@unchecked Sendable`: an opaque number to its users; a pointer on some systems, never dereferenced.
    private struct ThreadIdentity: @unchecked Sendable {
        let value: pthread_t
    }

    init(options: ConnectionOptions) throws(HTTPError) {
        guard let alarm = Alarm() else { throw Self.failure("No file descriptors are left for an HTTP client.") }
        mailbox = Mailbox(alarm: alarm)
        var identity: pthread_t?
        let start = Unmanaged.passRetained(Start(options: options, mailbox: mailbox, alarm: alarm))
        let result = Self.create(&identity, start.toOpaque())
        guard result == 0, let identity else {
            start.release()
            alarm.close()
            throw Self.failure("No thread can be started for an HTTP client.")
        }
        thread = Mutex(ThreadIdentity(value: identity))
    }

    deinit {
        mailbox.stop()
        if let identity = thread.withLock({ $0.take() }) { pthread_detach(identity.value) }
    }

    func shutdown() async {
        mailbox.stop()
        await mailbox.waitUntilClosed()
        // What is left of the thread by now is its return.
        if let identity = thread.withLock({ $0.take() }) { pthread_join(identity.value, nil) }
    }

    private static func failure(_ message: String) -> HTTPError {
        HTTPError(.internal, message: message, retryable: true, mayHaveBeenSent: false)
    }

    /// What the new thread is given.
    private final class Start: Sendable {
        let options: ConnectionOptions
        let mailbox: Mailbox
        let alarm: Alarm

        init(options: ConnectionOptions, mailbox: Mailbox, alarm: Alarm) {
            self.options = options
            self.mailbox = mailbox
            self.alarm = alarm
        }

        func run() {
            // Signals are for the process's other threads; a broken connection's SIGPIPE must not end the process.
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            runLoop()
            // Only now that all of libcurl is freed may waiters of the shutdown go on.
            for exchange in mailbox.close() {
                exchange.fail(.shutdown, "The HTTP client was shut down.", retryable: false, sent: false)
            }
        }

        private func runLoop() {
            // Without a loop the mailbox is closed at once and every request is told that there is no client.
            TransferLoop(options: options, mailbox: mailbox, alarm: alarm)?.run()
        }
    }

    private static func create(_ identity: inout pthread_t?, _ start: UnsafeMutableRawPointer) -> Int32 {
        #if canImport(Darwin)
            return pthread_create(
                &identity, nil,
                { context in
                    Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, start)
        #else
            var number = pthread_t()
            let result = pthread_create(
                &number, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, start)
            identity = number
            return result
        #endif
    }
}
