import EventJSON

/// A key of a store as a journal holds it.
package struct StoreCell: Sendable {
    package var value: RawJSON
    package var expires: Instant?

    package init(value: RawJSON, expires: Instant?) {
        self.value = value
        self.expires = expires
    }

    package func isAlive(at now: Instant) -> Bool {
        expires.map { $0 > now } ?? true
    }
}

/// What a store operation answers and what it does to its key.
///
/// The rules live here and not in a journal, so that every journal follows the same. They take the time from the step,
/// so that the answer follows from what is recorded alone.
package struct StoreVerdict: Sendable {
    package enum Change: Sendable {
        case none
        case write(StoreCell)
        case remove
    }

    package let answer: Result<RawJSON, EffectFailure>
    package let change: Change

    private init(_ answer: RawJSON, _ change: Change = .none) {
        self.answer = .success(answer)
        self.change = change
    }

    private init(refusing message: String) {
        answer = .failure(EffectFailure(code: "invalid", message: message))
        change = .none
    }
}

extension StoreVerdict {
    /// Sets the value; without one it deletes the key.
    package static func set(_ value: RawJSON?, ttl: Duration?, key: String, at now: Instant) -> StoreVerdict {
        guard let value else { return StoreVerdict(.null, .remove) }
        guard isPositive(ttl) else { return refusal(ofTTL: key) }
        if let refusal = refusal(ofSizeOf: value, key) { return refusal }
        return StoreVerdict(.null, .write(StoreCell(value: value, expires: ttl.map { now + $0 })))
    }

    /// Adds to a whole number; an absent key counts as 0. Without `ttl` a key keeps the expiry that it has.
    package static func increment(
        _ cell: StoreCell?, by amount: Int64, ttl: Duration?, key: String, at now: Instant
    ) -> StoreVerdict {
        guard isPositive(ttl) else { return refusal(ofTTL: key) }
        var present: Int64 = 0
        if let cell {
            guard let number = Int64(cell.value.text) else {
                return StoreVerdict(refusing: "the key \(key) holds no whole number, so that it cannot be counted up")
            }
            present = number
        }
        let (sum, overflows) = present.addingReportingOverflow(amount)
        guard !overflows else {
            return StoreVerdict(refusing: "the counter \(key) would leave the range of 64-bit integers")
        }
        let value = RawJSON(validated: Array(String(sum).utf8))
        return StoreVerdict(value, .write(StoreCell(value: value, expires: ttl.map { now + $0 } ?? cell?.expires)))
    }

    /// Sets, or with no new value deletes, when the present value is the expected one.
    package static func compareAndSet(
        _ cell: StoreCell?, expected: RawJSON?, new: RawJSON?, ttl: Duration?, key: String, at now: Instant
    ) -> StoreVerdict {
        guard isPositive(ttl) else { return refusal(ofTTL: key) }
        guard isSame(cell?.value, expected) else { return StoreVerdict(bool(false)) }
        guard let new else { return StoreVerdict(bool(true), .remove) }
        if let refusal = refusal(ofSizeOf: new, key) { return refusal }
        return StoreVerdict(bool(true), .write(StoreCell(value: new, expires: ttl.map { now + $0 })))
    }

    /// How many keys one `keys` operation may list.
    package static let keysLimits = 1...10_000

    /// Why `keys` refuses a limit, or `nil`.
    package static func refusal(ofKeysLimit limit: Int) -> EffectFailure? {
        guard !keysLimits.contains(limit) else { return nil }
        return EffectFailure(
            code: "invalid",
            message: "the limit of keys must be from \(keysLimits.lowerBound) to \(keysLimits.upperBound), not \(limit)"
        )
    }

    /// The answer of `keys`.
    package static func list(_ keys: [String]) -> RawJSON {
        var writer = JSONWriter()
        writer.beginArray()
        for key in keys { writer.value(key) }
        writer.endArray()
        return RawJSON(validated: writer.bytes)
    }

    /// How many bytes one value may have, as JSON: it comes back as the outcome of a step, which every rebuild reads.
    package static let largestValue = 1 << 20

    private static func refusal(ofSizeOf value: RawJSON, _ key: String) -> StoreVerdict? {
        guard value.bytes.count > largestValue else { return nil }
        return StoreVerdict(
            refusing: "the value for the key \(key) has \(spelledBytes(value.bytes.count)), more than the "
                + "\(spelledBytes(largestValue)) that a key may hold; split it, or keep where it can be found")
    }

    private static func isPositive(_ ttl: Duration?) -> Bool {
        ttl.map { $0.milliseconds > 0 } ?? true
    }

    private static func refusal(ofTTL key: String) -> StoreVerdict {
        StoreVerdict(refusing: "the ttl of the key \(key) must be at least a millisecond")
    }

    /// Two texts may say the same value, such as an object whose members stand in another order.
    private static func isSame(_ present: RawJSON?, _ expected: RawJSON?) -> Bool {
        guard let present, let expected else { return present == nil && expected == nil }
        if present == expected { return true }
        guard let left = try? JSON(parsing: present.bytes), let right = try? JSON(parsing: expected.bytes) else {
            return false
        }
        return left == right
    }

    private static func bool(_ flag: Bool) -> RawJSON {
        RawJSON(validated: Array((flag ? "true" : "false").utf8))
    }
}
