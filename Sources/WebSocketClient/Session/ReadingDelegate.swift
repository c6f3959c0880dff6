import NIOCore

/// Carries the consumer's progress from its own thread to the channel.
///
/// Holds the channel weakly enough: the session drops its source when the channel closes, which ends this delegate.
struct ReadingDelegate: NIOAsyncSequenceProducerDelegate {
    let channel: any Channel

    func produceMore() {
        channel.triggerUserOutboundEvent(SessionCommand.resumeReading, promise: nil)
    }

    func didTerminate() {
        channel.triggerUserOutboundEvent(SessionCommand.resumeReading, promise: nil)
    }
}
