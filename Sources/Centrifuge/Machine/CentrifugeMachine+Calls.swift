/// A call that waits for a connection.
struct WaitingCall: Sendable, Hashable {
    var id: CallID
    var request: CommandRequest
    var deadline: Duration
}

extension CentrifugeMachine {
    /// Makes a call: now, or when there is a connection, if that is soon.
    mutating func call(_ id: CallID, _ request: CommandRequest, now: Duration) -> [Action] {
        switch phase {
        case .idle, .stopped: return [.complete(id, .failure(.disconnected))]
        case .connected: return send(id, request, now: now)
        case .preparing, .opening, .joining, .waiting:
            let call = WaitingCall(id: id, request: request, deadline: now + timing.connectionWait)
            waitingCalls.append(call)
            return []
        }
    }

    /// Nobody waits for the call any more.
    mutating func cancel(_ id: CallID) {
        waitingCalls.removeAll { $0.id == id }
        pending.cancel(id)
    }

    mutating func sendWaitingCalls(now: Duration) -> [Action] {
        let calls = waitingCalls
        waitingCalls = []
        return calls.flatMap { send($0.id, $0.request, now: now) }
    }

    /// Fails what is outstanding, and also what waits for a connection if there will be none.
    mutating func failCalls(_ error: CentrifugeError, andWaiting: Bool) -> [Action] {
        var actions: [Action] = []
        for entry in pending.removeAll() {
            if case .call(let id, _) = entry.purpose { actions.append(.complete(id, .failure(error))) }
        }
        guard andWaiting else { return actions }
        actions += waitingCalls.map { .complete($0.id, .failure(.disconnected)) }
        waitingCalls = []
        return actions
    }

    mutating func expireWaitingCalls(now: Duration) -> [Action] {
        let expired = waitingCalls.prefix { $0.deadline <= now }
        waitingCalls.removeFirst(expired.count)
        return expired.map { .complete($0.id, .failure(.timeout("Waiting for the connection"))) }
    }

    private mutating func send(_ id: CallID, _ request: CommandRequest, now: Duration) -> [Action] {
        if case .send = request {
            let command = CommandWriter.request(0, request)
            return tooLarge(id, request, command) ?? [.send(command), .complete(id, .success(.none))]
        }
        let number = pending.add(.call(id, request.name), deadline: now + timing.commandTimeout)
        let command = CommandWriter.request(number, request)
        if let actions = tooLarge(id, request, command) {
            _ = pending.remove(number)
            return actions
        }
        return [.send(command)]
    }

    /// The server would end the connection for good.
    private func tooLarge(_ id: CallID, _ request: CommandRequest, _ command: [UInt8]) -> [Action]? {
        guard command.count > settings.maxCommandBytes else { return nil }
        let words = "The command for \(request.name) has \(command.count) bytes, more than the server takes."
        return [.complete(id, .failure(CentrifugeError(.badRequest, 107, words, retryable: false)))]
    }
}
