import CustomChannelAPI
import Moonwire
import Synchronization

/// The platform's calls that are being answered.
///
/// The wire has no id to know a repeated call by. Only a call that is identical to one which is still unanswered, or
/// whose answer could not be written a moment ago, is taken for a repeat: agents do say "ok" twice.
final class CustomCalls: Sendable {
    struct Content: Hashable, Sendable {
        let contact: String
        let message: [UInt8]
    }

    enum Beginning: Sendable {
        case first(CustomPendingCall)
        case joins(CustomPendingCall)
        case tooMany
    }

    /// Whether the platform knows a message's id by now.
    enum Answered: Sendable {
        case waiting
        case written(Instant)
        /// It will never be written.
        case lost
    }

    private struct Entry {
        let call: CustomPendingCall
        var answers = 0
        var isWritten = false
        /// Since when no answer could be written.
        var failedAt: Instant?
    }

    private struct State {
        var calls: [Content: Entry] = [:]
        /// Ids whose answers have been written, of the last minute.
        var written: [String: Instant] = [:]
        var waiting: Set<String> = []
        /// Ids that the platform never learned of, of the last hour.
        var lost: [String: Instant] = [:]
        var sweptAt = Instant(milliseconds: 0)
    }

    private static let patience = Duration.seconds(30)
    private let state = Mutex(State())
    private let most: Int

    init(most: Int) {
        self.most = most
    }

    func begin(_ content: Content, at now: Instant) -> Beginning {
        state.withLock { state in
            Self.sweep(&state, at: now)
            if var entry = state.calls[content] {
                entry.answers += 1
                entry.failedAt = nil
                state.calls[content] = entry
                return .joins(entry.call)
            }
            guard state.calls.count < most else { return .tooMany }
            let call = CustomPendingCall(
                content, mID: CustomChannelMessageID(.outgoing, milliseconds: now.rawValue))
            state.calls[content] = Entry(call: call, answers: 1)
            state.waiting.insert(call.mID.rawValue)
            return .first(call)
        }
    }

    /// One answer has been written, or could not be.
    func answered(_ call: CustomPendingCall, isWritten: Bool, at now: Instant) {
        state.withLock { state in
            guard var entry = state.calls[call.content], entry.call === call else { return }
            entry.answers -= 1
            entry.isWritten = entry.isWritten || isWritten
            if isWritten {
                state.waiting.remove(call.mID.rawValue)
                state.written[call.mID.rawValue] = state.written[call.mID.rawValue] ?? now
            }
            if entry.answers <= 0 { entry.failedAt = entry.isWritten ? nil : now }
            state.calls[call.content] = entry.answers <= 0 && entry.isWritten ? nil : entry
        }
    }

    /// The call with an id, while it is unanswered.
    func call(_ mID: String) -> CustomPendingCall? {
        state.withLock { $0.calls.values.first { $0.call.mID.rawValue == mID }?.call }
    }

    /// Nothing came of the call: the next identical one begins anew.
    func abandon(_ call: CustomPendingCall) {
        state.withLock { state in
            state.waiting.remove(call.mID.rawValue)
            if state.calls[call.content]?.call === call { state.calls[call.content] = nil }
        }
    }

    /// An id of an earlier process counts as written long ago.
    func answer(of mID: String, at now: Instant) -> Answered {
        state.withLock { state in
            Self.sweep(&state, at: now)
            if let written = state.written[mID] { return .written(written) }
            if state.waiting.contains(mID) { return .waiting }
            return state.lost[mID] == nil ? .written(Instant(milliseconds: 0)) : .lost
        }
    }

    private static func sweep(_ state: inout State, at now: Instant) {
        guard now - state.sweptAt >= .seconds(1) else { return }
        state.sweptAt = now
        for (content, entry) in state.calls {
            guard let failedAt = entry.failedAt, failedAt + patience <= now else { continue }
            state.calls[content] = nil
            state.waiting.remove(entry.call.mID.rawValue)
            state.lost[entry.call.mID.rawValue] = now
        }
        state.lost = state.lost.filter { $0.value + .seconds(3600) > now }
        state.written = state.written.filter { $0.value + .seconds(60) > now }
    }
}

/// One call of the platform until it is answered.
final class CustomPendingCall: Sendable {
    enum Outcome: Sendable {
        case accepted
        case refused(String)
        /// It could not be journaled.
        case unavailable
    }

    private struct State {
        var outcome: Outcome?
        var waiting: [CheckedContinuation<Outcome, Never>] = []
    }

    let content: CustomCalls.Content
    let mID: CustomChannelMessageID
    private let state = Mutex(State())

    init(_ content: CustomCalls.Content, mID: CustomChannelMessageID) {
        self.content = content
        self.mID = mID
    }

    /// The first outcome counts. Returns whether this was it.
    @discardableResult
    func settle(_ outcome: Outcome) -> Bool {
        let waiting: [CheckedContinuation<Outcome, Never>]? = state.withLock { state in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting ?? [] { continuation.resume(returning: outcome) }
        return waiting != nil
    }

    /// The outcome once it is known. Whoever begins a call settles it in any case.
    func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let known: Outcome? = state.withLock { state in
                if state.outcome == nil { state.waiting.append(continuation) }
                return state.outcome
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
