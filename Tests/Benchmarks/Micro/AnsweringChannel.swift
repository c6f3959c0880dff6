import Moonwire

/// A platform without a wire: every effect succeeds at once, and what was said can be waited for.
final class AnsweringChannel: Channel {
    let descriptor = ChannelDescriptor(
        id: WaitingDialog.channel, platform: .bevatel, role: .operator, capabilities: ["reply"])
    private let contexts: AsyncStream<ChannelContext>
    private let offerContext: AsyncStream<ChannelContext>.Continuation
    private let texts: AsyncStream<String>
    private let offerText: AsyncStream<String>.Continuation

    init() {
        (contexts, offerContext) = AsyncStream.makeStream()
        (texts, offerText) = AsyncStream.makeStream()
    }

    /// What the channel is given once the host has started.
    func context() async -> ChannelContext {
        for await context in contexts { return context }
        preconditionFailure("the host never ends before the channel runs")
    }

    /// The next text that the script sends.
    func sent() async -> String {
        for await text in texts { return text }
        return ""
    }

    func run(_ context: ChannelContext) async throws {
        offerContext.yield(context)
        try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
    }

    func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
        if case .reply(let reply) = delivery.effect { offerText.yield(reply.text) }
        return EffectReceipt()
    }

    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
        .undecided("this platform keeps nothing")
    }
}
