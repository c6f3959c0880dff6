import Synchronization
import Testing

@testable import Moonwire

struct EffectQueueTests {
    /// A platform that answers from a list, and notes what it was asked.
    final class ScriptedChannel: Channel {
        let descriptor = ChannelDescriptor(id: "desk", platform: .bevatel, role: .operator, capabilities: ["reply"])
        private let answers: Mutex<[Result<EffectReceipt, ChannelError>]>
        private let findings: Mutex<[Reconciliation]>
        let calls = Mutex<[String]>([])

        init(_ answers: [Result<EffectReceipt, ChannelError>], _ findings: [Reconciliation] = []) {
            self.answers = Mutex(answers)
            self.findings = Mutex(findings)
        }

        func run(_ context: ChannelContext) async throws {}

        func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
            calls.withLock { $0.append(delivery.key) }
            let answer = answers.withLock { $0.isEmpty ? .success(EffectReceipt()) : $0.removeFirst() }
            return try answer.get()
        }

        func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
            calls.withLock { $0.append("look for \(delivery.key)") }
            return findings.withLock { $0.isEmpty ? .undecided("nothing") : $0.removeFirst() }
        }
    }

    /// A clock that a sleep moves on by itself.
    final class Time: Sendable {
        private let state = Mutex((now: Instant(seconds: 1000), slept: [Duration]()))
        var slept: [Duration] { state.withLock { $0.slept } }

        var timing: DeliveryTiming {
            DeliveryTiming(
                clock: HostClock { self.state.withLock { $0.now } },
                sleep: { duration in
                    self.state.withLock { state in
                        state.slept.append(duration)
                        state.now = state.now + duration
                    }
                }, random: { 1 })
        }
    }

    private func settle(
        _ channel: ScriptedChannel, policy: DeliveryPolicy = DeliveryPolicy(), time: Time = Time(),
        effect: ChannelEffect = .reply(ChannelEffect.Reply(text: "hi")), isInDoubt: Bool = false
    ) async -> Result<EffectReceipt, EffectFailure> {
        let queue = EffectQueue(channel: channel, policy: policy, timing: time.timing, recorded: { _, _ in [] })
        let running = Task { await queue.run() }
        defer { running.cancel() }
        return await withCheckedContinuation { continuation in
            queue.enqueue(
                EffectQueue.Item(
                    delivery: EffectDelivery(
                        effect: effect, session: SessionID(channel: "desk", id: "1"), key: "k",
                        intendedAt: time.timing.clock.now),
                    isInDoubt: isInDoubt
                ) { continuation.resume(returning: $0) })
        }
    }

    private func failure(
        _ fate: ChannelError.Fate, retryable: Bool = true, after: Duration? = nil
    ) -> Result<EffectReceipt, ChannelError> {
        .failure(ChannelError(code: "network", message: "no", fate: fate, retryable: retryable, retryAfter: after))
    }

    @Test func whatCertainlyDidNotHappenIsTriedAgainAfterABackOff() async {
        let channel = ScriptedChannel([failure(.notPerformed), failure(.notPerformed)])
        let time = Time()
        _ = await settle(channel, time: time)
        #expect(channel.calls.withLock { $0 } == ["k", "k", "k"])
        #expect(time.slept == [.milliseconds(500), .seconds(1)])
    }

    @Test func thePlatformsOwnWaitIsKept() async {
        let time = Time()
        _ = await settle(ScriptedChannel([failure(.notPerformed, after: .seconds(42))]), time: time)
        #expect(time.slept == [.seconds(42)])
    }

    @Test func aRefusalIsNotTriedAgain() async {
        let channel = ScriptedChannel([failure(.notPerformed, retryable: false)])
        guard case .failure(let failure) = await settle(channel) else {
            Issue.record("a refusal fails")
            return
        }
        #expect(failure.code == "network")
        #expect(channel.calls.withLock { $0 } == ["k"])
    }

    @Test func aReplyInDoubtIsLookedForOnlyWhenThePlatformCanNoLongerBeWorkingOnIt() async throws {
        let channel = ScriptedChannel([failure(.inDoubt)], [.performed(EffectReceipt(nativeID: "9"))])
        let time = Time()
        let result = await settle(channel, policy: DeliveryPolicy(requestLimit: .seconds(20)), time: time)
        #expect(try result.get().nativeID == "9")
        #expect(time.slept == [.seconds(20)])
        #expect(channel.calls.withLock { $0 } == ["k", "look for k"])
    }

    @Test func aReplyThatCannotBeFoundIsUnknownAndNeverRepeated() async {
        let channel = ScriptedChannel([failure(.inDoubt)])
        guard case .failure(let failure) = await settle(channel) else {
            Issue.record("an unknown fate is a failure")
            return
        }
        #expect(failure.code == "unknown")
        #expect(channel.calls.withLock { $0 } == ["k", "look for k"])
    }

    @Test func ofWhatBelongsToTheChannelNoSessionIsNamed() async {
        let channel = ScriptedChannel(
            [failure(.inDoubt)],
            [.unreachable(ChannelError(code: "unknown", message: "Nobody knows.", fate: .inDoubt, retryable: false))])
        let opening = ChannelEffect.Opening(recipient: .client("1"), message: "hi", isNotice: true)
        // It is not repeated either, whatever the policy says of doubts: nobody was asked.
        let result = await settle(channel, policy: DeliveryPolicy(inDoubt: .repeat), effect: .open(opening))
        guard case .failure(let failure) = result else {
            Issue.record("an unknown fate is a failure")
            return
        }
        #expect(
            failure.message
                == "whether open happened on channel desk cannot be known: Nobody knows. It is not sent again; look there "
                + "and decide")
        #expect(channel.calls.withLock { $0 } == ["k", "look for k"])
    }

    @Test func aChannelMayAskForRepetitionInstead() async throws {
        let channel = ScriptedChannel([failure(.inDoubt)])
        _ = try await settle(channel, policy: DeliveryPolicy(inDoubt: .repeat)).get()
        #expect(channel.calls.withLock { $0 } == ["k", "look for k", "k"])
    }

    @Test func whatIsHarmlessTwiceIsSimplyDoneAgain() async throws {
        let channel = ScriptedChannel([failure(.inDoubt)])
        _ = try await settle(channel, effect: .label(add: ["vip"])).get()
        #expect(channel.calls.withLock { $0 } == ["k", "k"])
    }

    @Test func anIntentFromBeforeARestartIsLookedForFirst() async throws {
        let channel = ScriptedChannel([], [.performed(EffectReceipt(nativeID: "9"))])
        _ = try await settle(channel, isInDoubt: true).get()
        #expect(channel.calls.withLock { $0 } == ["look for k"])
    }

    @Test func anEffectThatFollowsAtOnceIsSentOnce() async {
        let channel = ScriptedChannel([])
        let queue = EffectQueue(
            channel: channel, policy: DeliveryPolicy(), timing: Time().timing, recorded: { _, _ in [] })
        let running = Task { await queue.run() }
        defer { running.cancel() }
        await withCheckedContinuation { continuation in
            enqueue(0, of: 500, on: queue) { continuation.resume() }
        }
        #expect(channel.calls.withLock { $0 } == (0..<500).map(String.init))
    }

    /// Each completion brings the session's next effect, as a run does that goes on with its outcome.
    private func enqueue(_ number: Int, of count: Int, on queue: EffectQueue, _ done: @escaping @Sendable () -> Void) {
        let delivery = EffectDelivery(
            effect: .reply(ChannelEffect.Reply(text: "hi")), session: SessionID(channel: "desk", id: "1"),
            key: "\(number)", intendedAt: Instant(seconds: 0))
        queue.enqueue(
            EffectQueue.Item(delivery: delivery, isInDoubt: false) { _ in
                if number + 1 < count { enqueue(number + 1, of: count, on: queue, done) } else { done() }
            })
    }

    @Test func aSearchThatCannotBeMadeIsMadeLater() async throws {
        let unreachable = ChannelError(code: "network", message: "no", fate: .inDoubt, retryable: true)
        let channel = ScriptedChannel(
            [], [.unreachable(unreachable), .unreachable(unreachable), .performed(EffectReceipt(nativeID: "9"))])
        _ = try await settle(channel, isInDoubt: true).get()
        #expect(channel.calls.withLock { $0 }.count == 3)
    }

    @Test func aSearchThatCanNeverSucceedEndsAsUnknown() async {
        let gone = ChannelError(code: "closed", message: "gone", fate: .notPerformed, retryable: false)
        let result = await settle(ScriptedChannel([], [.unreachable(gone)]), isInDoubt: true)
        guard case .failure(let failure) = result else {
            Issue.record("the session must not wait for ever")
            return
        }
        #expect(failure.code == "unknown")
    }

    @Test func repetitionHasAnEnd() async {
        let answers = Array(repeating: failure(.inDoubt), count: 50)
        let channel = ScriptedChannel(answers)
        _ = await settle(channel, policy: DeliveryPolicy(attempts: 3, inDoubt: .repeat))
        #expect(channel.calls.withLock { $0.count { $0 == "k" } } == 3)
    }
}
