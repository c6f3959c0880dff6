/// Whether a broadcast may go on: its ramp and its rules to stop. Pure, so that it can be tried without sending anything.
struct BroadcastGate {
    enum Decision: Equatable {
        /// So many more may be tried now; `nil` for no limit.
        case open(Int64?)
        /// The step is over, and the last outcomes are to come.
        case settling
        /// From now on the step is watched.
        case hold
        case holding(until: Instant)
        case nextStep
        case stop(String)
    }

    /// Fewer outcomes than this say nothing about a rate, unless they are a whole ramp step.
    static let sample: Int64 = 20

    static func decide(_ record: BroadcastRecord, at now: Instant) -> Decision {
        let counts = record.counts
        let limit = record.plan.rampLimit(step: record.rampStep)
        let isStepOver = limit.map { counts.tried >= $0 && counts.claimed == 0 } ?? false
        if let reason = reasonToStop(record, isStepOver: isStepOver) { return .stop(reason) }
        guard let limit else { return .open(nil) }
        guard counts.tried >= limit else { return .open(limit - counts.tried) }
        guard counts.claimed == 0 else { return .settling }
        // Nobody is left whom the watch could protect.
        guard counts.pending > 0 else { return .nextStep }
        guard let since = record.heldSince else { return .hold }
        let until = since + .milliseconds(record.plan.rampWait)
        return now < until ? .holding(until: until) : .nextStep
    }

    private static func reasonToStop(_ record: BroadcastRecord, isStepOver: Bool) -> String? {
        let counts = record.counts
        let wrong = counts.failed + counts.unknown - record.forgiven.wrong
        let sent = counts.sent - record.forgiven.sent
        let optOuts = record.optOuts - record.forgiven.optOuts
        let ended = wrong + sent
        guard ended > 0, ended >= sample || isStepOver else { return nil }
        if let limit = record.plan.stop.errors, Double(wrong) / Double(ended) > limit {
            return "stop_if: \(wrong) of \(ended) messages failed or are unknown, more than \(percent(limit))"
        }
        if let limit = record.plan.stop.optOuts, sent > 0, Double(optOuts) / Double(sent) > limit {
            return "stop_if: \(optOuts) of \(sent) recipients opted out, more than \(percent(limit))"
        }
        return nil
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int64((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
