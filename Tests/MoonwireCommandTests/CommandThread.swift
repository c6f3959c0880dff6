import Dispatch

/// Where tests wait for other processes.
///
/// A wait for a process holds its thread. On the two or so threads that all tests share, a few of them would hold up
/// the platform that the process talks to, which stands in the same tests.
@globalActor actor CommandThread {
    static let shared = CommandThread()

    private let executor = QueueExecutor()

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
}

private final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "moonwire.tests.commands")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
