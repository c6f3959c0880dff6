import NIOCore

/// Splits what comes into lines of limited length.
struct ControlLineDecoder: ByteToMessageDecoder {
    typealias InboundOut = [UInt8]

    let limit: Int

    struct TooLong: Error {}

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else {
            guard view.count <= limit else { throw TooLong() }
            return .needMoreData
        }
        let length = end - view.startIndex
        guard length <= limit else { throw TooLong() }
        let line = buffer.readBytes(length: length) ?? []
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }

    /// What is not a whole line at the end is nothing.
    func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        buffer.clear()
        return .needMoreData
    }
}

/// Writes lines.
struct ControlLineEncoder: MessageToByteEncoder {
    typealias OutboundIn = [UInt8]

    func encode(data: [UInt8], out: inout ByteBuffer) throws {
        out.writeBytes(data)
        out.writeInteger(UInt8(ascii: "\n"))
    }
}

typealias ControlChannel = NIOAsyncChannel<[UInt8], [UInt8]>

enum ControlPipeline {
    /// Makes a connection one of lines.
    ///
    /// - Parameter deadline: how long the other side may take for a line; for ever when `nil`.
    static func configure(
        _ channel: any Channel, limit: Int, deadline: TimeAmount? = nil
    ) throws -> ControlChannel {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers(
            ByteToMessageHandler(ControlLineDecoder(limit: limit)), MessageToByteHandler(ControlLineEncoder()))
        if let deadline { try pipeline.addHandler(ControlDeadline(deadline)) }
        return try ControlChannel(wrappingChannelSynchronously: channel)
    }
}
