import Foundation

/// Streams, channels and loads.
extension TwinControl {
    /// Streams that are open.
    public var openStreams: Int { hub.sockets.count }

    /// Does something to all streams that are open.
    public func streams(_ action: StreamAction) {
        let sockets = hub.sockets
        switch action {
        case .subscribe(let channel): return hub.move(sockets, in: channel, isSubscribed: true)
        case .unsubscribe(let channel): return hub.move(sockets, in: channel, isSubscribed: false)
        default: break
        }
        for socket in sockets {
            switch action {
            case .kill: socket.kill()
            case .close(let code, let reason): socket.close(CentrifugeClosure(code: code, reason: reason))
            case .push(let json): socket.sendRaw("{\"push\":\(json)}")
            case .raw(let text): socket.sendRaw(text)
            case .behave(let mode): socket.mode = mode
            case .subscribe, .unsubscribe: break
            }
        }
    }

    /// Does something to the history of a channel, or of all channels.
    public func history(_ change: HistoryChange, channel: String? = nil) { hub.change(change, in: channel) }

    /// The channel that only an operator's own streams listen to.
    public func channel(of id: Int = TwinDemoWorld.operatorID) async throws(SimulatorError) -> String {
        try await asking { try await world.channel(of: id) }
    }

    /// Publishes any JSON text.
    ///
    /// - Parameter channel: nil for that of the demo's operator.
    public func publish(_ json: String, channel: String? = nil) async throws(SimulatorError) {
        guard let data = try? JSONValue(parsing: Array(json.utf8)) else {
            throw SimulatorError(.refused, "the data is no JSON text")
        }
        let target: String
        if let channel { target = channel } else { target = try await self.channel() }
        world.announcer.publish(data, event: data["event"]?.string ?? "", to: [target])
    }

    /// What clients sent, in the order of arrival; the last ten thousand commands.
    public var commands: [StreamCommand] {
        log.entries.map { StreamCommand(connection: $0.connection, at: $0.at, text: $0.text) }
    }

    /// Writes a load over sessions of their own and returns when all of it is written.
    ///
    /// The order's inbox has no meaning here; `operator` has all its sessions.
    public func bulkWrite(
        _ order: BulkOrder, operator id: Int = TwinDemoWorld.operatorID
    ) async throws(SimulatorError) -> TwinBulkReport {
        try await asking {
            let sessions = try await world.startBulk(order.sessions, at: .operator(id))
            let start = ContinuousClock.now
            let batch = order.rate > 0 ? max(1, Int(order.rate / 1000)) : 64
            var written = 0
            while written < order.messages {
                if order.rate > 0 { try await Task.sleep(until: start + .seconds(Double(written) / order.rate)) }
                let numbers = written..<min(written + batch, order.messages)
                try await world.writeBulk(
                    numbers.map { (sessions[$0 % sessions.count], order.content(of: $0 + 1)) })
                written = numbers.upperBound
            }
            return TwinBulkReport(
                sessions: sessions, messages: written, seconds: (ContinuousClock.now - start) / .seconds(1))
        }
    }
}
