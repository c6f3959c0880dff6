#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The thread under a lane: drains the mailbox whole, lets the lane work it off, sleeps until the next message or
/// deadline.
final class LaneThread: Sendable {
    private let mailbox = Mailbox<LaneMessage>()
    private let makeLane: @Sendable (_ post: @escaping @Sendable (LaneMessage) -> Void) -> Lane

    /// `makeLane` is called on the lane's own thread.
    init(makeLane: @escaping @Sendable (_ post: @escaping @Sendable (LaneMessage) -> Void) -> Lane) {
        self.makeLane = makeLane
    }

    func post(_ message: LaneMessage) {
        mailbox.post(message)
    }

    /// Runs until `.stop` has been worked off.
    func run() async {
        await withCheckedContinuation { continuation in
            let body = ThreadBody { [self] in
                loop()
                continuation.resume()
            }
            body.start()
        }
    }

    private func loop() {
        let mailbox = mailbox
        let lane = makeLane { mailbox.post($0) }
        while true {
            let timeout = lane.nextWakeUp.map { max(.zero, $0 - lane.now) }
            let messages = mailbox.drain(waitingFor: timeout)
            lane.process(messages)
            for case .stop in messages {
                mailbox.close { message in
                    switch message {
                    case .prepare(let sources, let reply): reply(sources.map { _ in nil })
                    case .install(_, _, let reply): reply()
                    case .inspect(let reply): reply(LaneStatus())
                    default: break
                    }
                }
                return
            }
        }
    }
}

/// A closure on its way into a thread of its own.
private final class ThreadBody {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) {
        self.body = body
    }

    func start() {
        // Initialised by the call below, and not by the type, which several system modules define.
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        pthread_attr_init(attributes)
        // Lua's own C recursion limit (200 levels) fits into this many times over.
        pthread_attr_setstacksize(attributes, 4 << 20)
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let context = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &thread, attributes,
            { context in
                #if canImport(Darwin)
                    Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body()
                #else
                    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body() }
                #endif
                return nil
            }, context)
        pthread_attr_destroy(attributes)
        if status != 0 {
            // Without a thread of its own the lane still has to run, on the caller's.
            Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().body()
        }
    }
}
