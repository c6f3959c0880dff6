import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Process {
    /// Waits for the end and gives the exit status, or the signal that ended the process.
    ///
    /// By the system's own call, which leaves the process to Foundation: Foundation's own wait hears of the end from a
    /// run loop of its own, which misses one now and then on a busy machine and then waits for ever.
    func waitForEnd() -> Int32 {
        #if os(Linux)
            var info = siginfo_t()
            while waitid(P_PID, id_t(processIdentifier), &info, WEXITED | WNOWAIT) == -1 {
                guard errno == EINTR else {
                    // Gone already: Foundation has seen it.
                    waitUntilExit()
                    return terminationStatus
                }
            }
            // Foundation shall be done with this process before it is asked for the next; not for ever, see above.
            for _ in 0..<200 where isRunning { usleep(5000) }
            return info._sifields._sigchld.si_status
        #else
            waitUntilExit()
            return terminationStatus
        #endif
    }
}
