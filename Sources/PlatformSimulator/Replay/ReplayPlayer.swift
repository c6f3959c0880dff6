import NIOCore
import NIOWebSocket
import Synchronization

/// Plays one recorded life of a WebSocket to a host.
///
/// What the server said comes in recorded time. Where the host had said something new before it, the host is given time
/// to say it here too: the frame may be its answer. Pings are not hurried, and go on after the recording's end.
final class ReplayPlayer: Sendable {
    /// How long a host may take to say what it said in the recording.
    private static let patience = Duration.seconds(5)

    private let script: RecordedTraffic.Connection
    private let speed: Double
    private let channel: any Channel
    private let heard = Atomic(0)
    private let commands = Mutex(ReplayCommands())

    init(_ script: RecordedTraffic.Connection, speed: Double, channel: any Channel) {
        self.script = script
        self.speed = speed
        self.channel = channel
    }

    /// The host said something.
    func hear(_ frame: [UInt8]) {
        commands.withLock { $0.add(frame) }
        heard.add(1, ordering: .relaxed)
    }

    /// Returns when the recorded connection ended; a host's end of it is told by cancelling.
    func play() async throws {
        var known: Set<[UInt8]> = []
        var last = Duration.zero
        var expected = 0
        var recorded = ReplayCommands()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            var pings = false
            for happening in script.happenings {
                try await Task.sleep(for: (happening.at - last) / speed)
                last = happening.at
                switch happening.kind {
                case .heard(let frame):
                    expected += 1
                    recorded.add(frame)
                    if known.insert(frame).inserted { try await awaitHost(expected) }
                case .said(let frame) where Self.isPing(frame):
                    if !pings { group.addTask { try await self.ping(frame) } }
                    pings = true
                case .said(let frame): send(recorded.translated(frame, to: commands.withLock { $0 }))
                case .ended(let code):
                    try await end(code)
                    return
                }
            }
            // The host goes on listening, as it did when the recording was ended.
            try await group.waitForAll()
            try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
        }
    }

    private func awaitHost(_ count: Int) async throws {
        let deadline = ContinuousClock.now + Self.patience
        while heard.load(ordering: .relaxed) < count, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func ping(_ frame: [UInt8]) async throws {
        let interval = Self.pingInterval(script)
        while true {
            send(frame)
            try await Task.sleep(for: interval)
        }
    }

    private func send(_ frame: [UInt8]) {
        channel.writeAndFlush(
            WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: frame)), promise: nil)
    }

    private func end(_ code: Int?) async throws {
        if let code {
            var data = ByteBuffer()
            data.writeInteger(UInt16(clamping: code))
            try await channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
        }
        try? await channel.close()
    }

    /// Whether a frame only says that the server is there: `{}` of Centrifuge, `{"type":"ping"}` of Action Cable.
    static func isPing(_ frame: [UInt8]) -> Bool {
        guard frame.count < 200, let tree = try? JSONValue(parsing: frame), let object = tree.object else {
            return false
        }
        return object.members.isEmpty || object["type"]?.string == "ping"
    }

    /// The time between two recorded pings, the middle one of all; three seconds where there are none.
    static func pingInterval(_ script: RecordedTraffic.Connection) -> Duration {
        let times = script.happenings.compactMap { happening in
            if case .said(let frame) = happening.kind, isPing(frame) { happening.at } else { nil }
        }
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        guard !gaps.isEmpty else { return .seconds(3) }
        return max(gaps[gaps.count / 2], .milliseconds(10))
    }
}

/// The receiving side of a replayed WebSocket.
final class ReplaySocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let script: RecordedTraffic.Connection
    private let speed: Double
    private var player: ReplayPlayer?
    private var playing: Task<Void, Never>?

    init(_ script: RecordedTraffic.Connection, speed: Double) {
        self.script = script
        self.speed = speed
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let player = ReplayPlayer(script, speed: speed, channel: context.channel)
        self.player = player
        playing = Task { try? await player.play() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        playing?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed: context.close(promise: nil)
        case is ChannelShouldQuiesceEvent: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary: player?.hear(Array(frame.unmaskedData.readableBytesView))
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.channel.writeAndFlush(pong, promise: nil)
        case .connectionClose:
            playing?.cancel()
            let echo = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            let channel = context.channel
            channel.writeAndFlush(echo).whenComplete { _ in channel.close(promise: nil) }
        default: break
        }
    }
}
