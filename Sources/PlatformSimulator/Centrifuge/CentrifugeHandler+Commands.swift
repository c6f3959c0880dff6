import NIOCore

/// What a connected client may ask for.
extension CentrifugeHandler {
    static let version = "5.4.0"
    private static let longestChannel = 255
    private static let mostSubscriptions = 128

    /// The reply to `connect`, with what became of the server's subscriptions.
    func welcome(_ command: CentrifugeCommand, _ guest: CentrifugeGuest, _ socket: CentrifugeSocket) {
        let dials = faults.centrifuge
        let wishes = guest.channels.map { channel in
            CentrifugeHub.Wish(
                channel: channel, isServerSide: true,
                since: command.body["subs"]?[channel].flatMap(CentrifugeCommand.position))
        }
        hub.subscribe(socket, info: info(guest), to: wishes) { results in
            var reply: JSONObject = ["client": .string(socket.id), "version": .string(Self.version)]
            if let ttl = guest.ttl {
                reply.add("expires", .bool(true))
                reply.add("ttl", .int(ttl))
            }
            if let data = guest.data { reply.add("data", data) }
            if !results.isEmpty { reply.add("subs", .object(JSONObject(results))) }
            if dials.pingMilliseconds > 0 {
                reply.add("ping", .int((dials.pingMilliseconds + 999) / 1000))
                if dials.wantsPong { reply.add("pong", .bool(true)) }
            }
            return command.reply(.object(reply))
        }
        startTimers(guest, socket)
    }

    private func info(_ guest: CentrifugeGuest) -> JSONValue {
        ["user": .string(guest.user), "client": .string(socket?.id ?? "")]
    }

    func handle(_ command: CentrifugeCommand, _ guest: CentrifugeGuest) {
        guard let socket else { return }
        if command.isPong { return pong(socket) }
        guard let kind = command.kind, kind != .connect else { return end(.badRequest) }
        switch kind {
        case .connect: break
        case .send: end(.notAvailable)
        case .refresh: refresh(command, guest, socket)
        case .rpc: call(command, socket)
        case .subRefresh: socket.send(command.failure(.notAvailable))
        case .subscribe, .unsubscribe, .publish, .presence, .presenceStats, .history:
            do throws(CentrifugeFailure) {
                try use(command, kind, guest, socket)
            } catch {
                socket.send(command.failure(error))
            }
        }
    }

    private func use(
        _ command: CentrifugeCommand, _ kind: CentrifugeCommand.Kind, _ guest: CentrifugeGuest,
        _ socket: CentrifugeSocket
    ) throws(CentrifugeFailure) {
        let channel = command.channel
        guard !channel.isEmpty, channel.utf8.count <= Self.longestChannel else { throw .badRequest }
        if kind == .unsubscribe {
            _ = hub.unsubscribe(socket, from: channel)
            return socket.send(command.reply([:]))
        }
        if kind == .subscribe, hub.isSubscribed(socket, to: channel) { throw .alreadySubscribed }
        guard backend.isOpen(channel) else { throw .permissionDenied }
        switch kind {
        case .subscribe:
            guard hub.subscriptionCount(socket) < Self.mostSubscriptions else { throw .limitExceeded }
            let wish = CentrifugeHub.Wish(
                channel: channel, isServerSide: false, since: CentrifugeCommand.position(command.body),
                wantsJoins: command.body["join_leave"] == .bool(true))
            hub.subscribe(socket, info: info(guest), to: [wish]) { command.reply($0.first?.1 ?? [:]) }
        case .publish:
            hub.publish(command.body["data"] ?? .null, in: channel, event: "", info: info(guest))
            socket.send(command.reply([:]))
        case .presence:
            let clients = hub.presence(channel)
            socket.send(command.reply(["presence": .object(JSONObject(clients.map { ($0.id, $0.info) }))]))
        case .presenceStats:
            let clients = hub.presence(channel)
            let users = Set(clients.map { $0.info["user"] })
            socket.send(command.reply(["num_clients": .int(clients.count), "num_users": .int(users.count)]))
        case .history: try history(command, channel, socket)
        default: throw .methodNotFound
        }
    }

    private func history(
        _ command: CentrifugeCommand, _ channel: String, _ socket: CentrifugeSocket
    ) throws(CentrifugeFailure) {
        let dials = faults.centrifuge
        guard dials.recoverable else { throw .notAvailable }
        let history = hub.history(channel)
        let since = command.since
        if let epoch = since?.epoch, !epoch.isEmpty, epoch != history.epoch {
            throw CentrifugeFailure(code: 112, message: "unrecoverable position")
        }
        let page = history.page(
            after: since?.offset, limit: command.body["limit"]?.castInt ?? 0,
            reversed: command.body["reverse"] == .bool(true), size: dials.historySize, most: dials.recoveryLimit)
        socket.send(
            command.reply([
                "publications": .array(page.map { $0.json(positioned: true) }), "epoch": .string(history.epoch),
                "offset": .int(history.top),
            ]))
    }

    private func refresh(_ command: CentrifugeCommand, _ guest: CentrifugeGuest, _ socket: CentrifugeSocket) {
        let token = command.body["token"]?.string ?? ""
        // Only who came with a token of the connection has one to refresh.
        guard guest.ttl != nil else { return socket.send(command.failure(.notAvailable)) }
        let bound = NIOLoopBound(self, eventLoop: socket.channel.eventLoop)
        let backend = backend
        Task {
            let outcome = await Result(catching: { () async throws(CentrifugeFailure) in
                try await backend.refresh(token: token, user: guest.user)
            })
            bound.execute { $0.settle(command, refreshed: outcome, socket) }
        }
    }

    private func settle(
        _ command: CentrifugeCommand, refreshed outcome: Result<Int, CentrifugeFailure>, _ socket: CentrifugeSocket
    ) {
        switch outcome {
        case .failure(let failure): socket.send(command.failure(failure))
        case .success(let ttl):
            socket.send(
                command.reply([
                    "client": .string(socket.id), "version": .string(Self.version), "expires": .bool(true),
                    "ttl": .int(ttl),
                ]))
            expire(in: ttl * 1000 + faults.centrifuge.graceMilliseconds, socket)
        }
    }

    private func call(_ command: CentrifugeCommand, _ socket: CentrifugeSocket) {
        let backend = backend
        // Not in the order of the commands: a slow call does not hold up the others.
        Task {
            do throws(CentrifugeFailure) {
                let data = try await backend.call(
                    command.body["method"]?.string ?? "", command.body["data"] ?? .null)
                socket.send(command.reply(["data": data]))
            } catch {
                socket.send(command.failure(error))
            }
        }
    }
}

extension Result where Success: Sendable {
    /// What an asynchronous call came to.
    fileprivate init(catching body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
