import NIOCore

/// The timers of one connection.
struct CentrifugeTimers {
    var connect: Scheduled<Void>?
    var ping: Scheduled<Void>?
    var pong: Scheduled<Void>?
    var expiry: Scheduled<Void>?
    /// Pings that are still to be answered, each by one pong.
    var openPings = 0

    mutating func cancel() {
        for timer in [connect, ping, pong, expiry] { timer?.cancel() }
        self = CentrifugeTimers()
    }
}

/// Pings, pongs and the end of a connection's time.
extension CentrifugeHandler {
    func startTimers(_ guest: CentrifugeGuest, _ socket: CentrifugeSocket) {
        let dials = faults.centrifuge
        if dials.pingMilliseconds > 0 {
            // The first ping comes at any point of the second half of an interval.
            schedulePing(
                in: Int.random(in: dials.pingMilliseconds / 2...dials.pingMilliseconds), dials, socket)
        }
        if let ttl = guest.ttl {
            expire(in: ttl * 1000 + dials.graceMilliseconds, socket)
        } else if let seconds = guest.endsAfter {
            expire(in: Int(max(0, min(seconds, 1e7)) * 1000), socket)
        }
    }

    private func schedulePing(in milliseconds: Int, _ dials: FaultSettings.Centrifuge, _ socket: CentrifugeSocket) {
        let loop = socket.channel.eventLoop.assumeIsolated()
        timers.ping = loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            guard !socket.isClosing else { return }
            if !self.faults.centrifuge.withholdsPings {
                socket.sendPing()
                if dials.wantsPong { self.awaitPong(dials, socket) }
            }
            self.schedulePing(in: dials.pingMilliseconds, dials, socket)
        }
    }

    private func awaitPong(_ dials: FaultSettings.Centrifuge, _ socket: CentrifugeSocket) {
        timers.openPings += 1
        if timers.openPings == 1 { startPongTimer(dials, socket) }
    }

    private func startPongTimer(_ dials: FaultSettings.Centrifuge, _ socket: CentrifugeSocket) {
        let wait = TimeAmount.milliseconds(Int64(dials.pongWaitMilliseconds))
        timers.pong = socket.channel.eventLoop.assumeIsolated().scheduleTask(in: wait) { self.end(.noPong) }
    }

    func pong(_ socket: CentrifugeSocket) {
        // A pong too many is a broken protocol.
        guard timers.openPings > 0 else { return end(.badRequest) }
        timers.openPings -= 1
        timers.pong?.cancel()
        if timers.openPings > 0 { startPongTimer(faults.centrifuge, socket) }
    }

    func expire(in milliseconds: Int, _ socket: CentrifugeSocket) {
        timers.expiry?.cancel()
        let loop = socket.channel.eventLoop.assumeIsolated()
        timers.expiry = loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { self.end(.expired) }
    }
}
