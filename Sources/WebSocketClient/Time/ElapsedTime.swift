/// Any clock, as time since the client was made.
package struct ElapsedTime: Sendable {
    package let now: @Sendable () -> Duration
    /// Sleeps until that time, or until the task is cancelled.
    package let sleep: @Sendable (_ until: Duration) async -> Void

    package init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { until in try? await clock.sleep(until: start.advanced(by: until), tolerance: nil) }
    }
}
