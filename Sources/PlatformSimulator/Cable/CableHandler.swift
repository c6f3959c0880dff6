import NIOCore
import NIOWebSocket

/// The receiving side of one WebSocket: reads commands as Action Cable does, quirks included.
///
/// Bound to its event loop; the world is asked in a task, so that answers come when they come.
final class CableHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    /// What became of a subscribe command.
    private enum Subscription {
        case asking(Int)
        /// The world refused: nothing is said, and the identifier stays taken.
        case taken
        case live(CableIdentifier)
    }

    private let hub: CableHub
    private let world: ChatwootWorld
    private let faults: FaultDials
    private let mode: SocketMode
    private var socket: CableSocket?
    private var subscriptions: [String: Subscription] = [:]
    private var lastAttempt = 0
    private var fragments: ByteBuffer?

    init(hub: CableHub, world: ChatwootWorld, faults: FaultDials, mode: SocketMode) {
        self.hub = hub
        self.world = world
        self.faults = faults
        self.mode = mode
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let socket = CableSocket(channel: context.channel, mode: mode)
        self.socket = socket
        hub.add(socket)
        socket.sendControl("{\"type\":\"welcome\"}")
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let socket { hub.remove(socket) }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // The server allows half-closed connections for HTTP; a WebSocket with one side closed is over.
        case let event as ChannelEvent where event == .inputClosed: context.close(promise: nil)
        case is ChannelShouldQuiesceEvent: socket?.disconnect(reason: "server_restart", reconnect: true)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text where frame.fin: read(frame.unmaskedData, context)
        case .text: fragments = frame.unmaskedData
        case .continuation:
            guard var collected = fragments else { return }
            var part = frame.unmaskedData
            collected.writeBuffer(&part)
            fragments = frame.fin ? nil : collected
            if frame.fin { read(collected, context) }
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.channel.writeAndFlush(pong, promise: nil)
        case .connectionClose:
            let echo = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            let channel = context.channel
            channel.writeAndFlush(echo).whenComplete { _ in channel.close(promise: nil) }
        default: break
        }
    }

    private func read(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        // Whatever is not a command that makes sense is dropped in silence, and the connection lives on.
        guard let frame = try? JSONValue(parsing: Array(bytes.readableBytesView)),
            let identifier = frame["identifier"]?.string
        else { return }
        switch frame["command"]?.string {
        case "subscribe": subscribe(identifier, context)
        case "unsubscribe": unsubscribe(identifier)
        case "message": perform(frame["data"]?.string, on: identifier)
        default: break
        }
    }

    private func subscribe(_ identifier: String, _ context: ChannelHandlerContext) {
        guard subscriptions[identifier] == nil, let wanted = CableIdentifier(identifier) else { return }
        lastAttempt += 1
        let attempt = lastAttempt
        subscriptions[identifier] = .asking(attempt)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let world = world
        Task {
            let streams = await world.streams(token: wanted.token, account: wanted.account, user: wanted.user)
            loop.execute { bound.value.settle(identifier, attempt, wanted, streams) }
        }
    }

    private func settle(_ identifier: String, _ attempt: Int, _ wanted: CableIdentifier, _ streams: [EventStream]?) {
        guard case .asking(attempt) = subscriptions[identifier], let socket, socket.channel.isActive else { return }
        guard let streams else {
            subscriptions[identifier] = .taken
            hub.countRefusal()
            return
        }
        subscriptions[identifier] = .live(wanted)
        socket.setStreams(streams, for: identifier)
        socket.sendControl(
            "{\"identifier\":\(JSONValue.string(identifier).serialized),\"type\":\"confirm_subscription\"}")
        hub.listen(socket, identifier: identifier, to: streams)
        if faults.settings.presenceOnSubscribe { updatePresence(wanted) }
    }

    private func unsubscribe(_ identifier: String) {
        subscriptions[identifier] = nil
        guard let socket, let streams = socket.streams[identifier] else { return }
        socket.setStreams(nil, for: identifier)
        hub.stopListening(socket, identifier: identifier, to: streams)
    }

    private func perform(_ data: String?, on identifier: String) {
        guard case .live(let wanted) = subscriptions[identifier], let data,
            let action = try? JSONValue(parsing: Array(data.utf8)), action["action"]?.string == "update_presence"
        else { return }
        updatePresence(wanted)
    }

    private func updatePresence(_ wanted: CableIdentifier) {
        let world = world
        Task { await world.updatePresence(token: wanted.token, account: wanted.account, user: wanted.user) }
    }
}
