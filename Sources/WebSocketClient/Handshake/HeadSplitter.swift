import NIOCore

/// Stands in front of the HTTP decoder and keeps from it what follows the head of the answer, until it is known
/// whether that is a body or already frames.
///
/// The decoder could forward such bytes itself when it is removed, but loses them when the server has hung up by then,
/// and traps when a frame among them is answered while it is still leaving. Action Cable's `welcome` is such a frame.
final class HeadSplitter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Mode {
        case scanning
        case passing
        case holding
    }

    private static let headEnd = Array("\r\n\r\n".utf8)

    private var mode = Mode.scanning
    /// How many bytes of the end of a head have been seen.
    private var matched = 0
    private var held: [ByteBuffer] = []
    private var endedMeanwhile = false

    /// What follows is a body.
    func passRest() {
        mode = .passing
    }

    /// What follows is frames; keeps them until `release`.
    func holdRest() {
        mode = .holding
    }

    /// Hands on what was kept, and leaves the pipeline.
    func release(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        let context = try pipeline.context(handler: self)
        mode = .passing
        for part in held { context.fireChannelRead(wrapInboundOut(part)) }
        held = []
        context.fireChannelReadComplete()
        if endedMeanwhile { context.fireChannelInactive() }
        pipeline.removeHandler(context: context, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        // Whoever reads the head decides about the rest before this call returns. Without a decision it was one of
        // the 1xx heads that come before the answer.
        while case .scanning = mode, let length = lengthOfHead(buffer), let head = buffer.readSlice(length: length) {
            context.fireChannelRead(wrapInboundOut(head))
        }
        if buffer.readableBytes == 0 { return }
        switch mode {
        case .scanning, .passing: context.fireChannelRead(wrapInboundOut(buffer))
        case .holding: held.append(buffer)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .holding = mode { return }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .holding = mode {
            endedMeanwhile = true
        } else {
            context.fireChannelInactive()
        }
    }

    /// The bytes up to the end of the head, if it ends in this buffer.
    private func lengthOfHead(_ buffer: ByteBuffer) -> Int? {
        for (index, byte) in buffer.readableBytesView.enumerated() {
            // The pattern repeats itself, so a mismatch can only begin it anew.
            matched = byte == Self.headEnd[matched] ? matched + 1 : (byte == Self.headEnd[0] ? 1 : 0)
            if matched == Self.headEnd.count {
                matched = 0
                return index + 1
            }
        }
        return nil
    }
}
