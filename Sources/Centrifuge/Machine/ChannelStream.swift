/// What is known of a channel's stream: how far it has been read, and what the server can do about gaps.
struct ChannelStream: Sendable, Hashable {
    /// What to do with a publication.
    enum Verdict: Sendable, Hashable {
        case deliver, duplicate
        /// To be delivered; numbers before it were skipped, which filters of the server do.
        case deliverAfterGap
    }

    var isRecoverable = false
    var isPositioned = false
    var position = CentrifugePosition(epoch: "", offset: 0)
    /// Whether the position is no longer to be used.
    var isForgotten = false
    /// Changes when the offsets to come cannot be compared with earlier ones.
    private(set) var generation = 1

    /// Takes what the server says of a subscription, new or old.
    ///
    /// `asked` is where the client asked to continue from, if it did.
    mutating func adopt(
        _ result: SubscribeResult, asked: CentrifugePosition?, wasKnown: Bool
    ) -> CentrifugeSubscribed {
        isRecoverable = result.isRecoverable
        isPositioned = result.isPositioned
        let isContinued = result.recovered && asked != nil && !isForgotten
        isForgotten = false
        if isContinued, let asked, !result.publications.isEmpty {
            // The reply repeats the offset that was asked for. A server that names the top instead must not make the
            // recovered publications look old.
            position = CentrifugePosition(epoch: result.epoch, offset: min(asked.offset, result.offset))
        } else {
            position = CentrifugePosition(epoch: result.epoch, offset: result.offset)
        }
        if !isContinued { generation += 1 }

        var event = CentrifugeSubscribed()
        event.isRecoverable = result.isRecoverable
        event.isPositioned = result.isPositioned
        event.wasRecovering = result.wasRecovering
        event.recovered = result.recovered
        event.hasRecoveredPublications = result.recovered && !result.publications.isEmpty
        event.position = isRecoverable || isPositioned ? position : nil
        event.data = result.data
        event.isStateLost = wasKnown && !result.recovered
        return event
    }

    /// Judges a publication and moves on to it. Answers also where the stream was before.
    mutating func accept(_ offset: UInt64?) -> (verdict: Verdict, mark: StreamMark) {
        let mark = StreamMark(offset: position.offset, generation: generation)
        guard let offset else { return (.deliver, mark) }
        let isNumbered = isRecoverable || isPositioned
        if isNumbered, offset <= position.offset { return (.duplicate, mark) }
        let isGap = isNumbered && offset - position.offset > 1
        position.offset = offset
        return (isGap ? .deliverAfterGap : .deliver, mark)
    }

    /// Goes back to where the stream was before a publication that was thrown away.
    mutating func rewind(to mark: StreamMark) {
        if mark.generation == generation { position.offset = mark.offset }
    }
}

/// A place in a stream, to go back to.
struct StreamMark: Sendable, Hashable {
    var offset: UInt64
    var generation: Int

    /// Fits no stream: what carries it belongs to none.
    static let none = StreamMark(offset: 0, generation: 0)
}
