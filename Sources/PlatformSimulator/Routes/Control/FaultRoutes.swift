import HTTPTypes

/// Turning the fault dials from another process.
extension RouteTable {
    /// - Parameter outage: takes the simulator down for so many seconds, abruptly or not.
    func addFaultRoutes(_ control: SimulatorControl, outage: @escaping @Sendable (Double, Bool) -> Void) {
        let faults = control.faults
        @Sendable func show() throws -> Answer {
            guard var object = try JSONValue(encoding: faults.settings).object else { return .crash }
            object["tally"] = .object(
                JSONObject(faults.tally.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) }))
            return .json(.object(object))
        }
        add([.get], "/simulator/faults", wording: Refusal.client) { _ in try show() }
        add([.post], "/simulator/faults", wording: Refusal.client) { call in
            try faults.merge(call.parameters)
            return try show()
        }
        add([.delete], "/simulator/faults", wording: Refusal.client) { _ in
            faults.clear()
            return try show()
        }
        add([.post], "/simulator/sockets", wording: Refusal.client) { call in
            let count = control.openSockets
            control.sockets(try Self.action(call))
            return .json(["sockets": .int(count)])
        }
        add([.post], "/simulator/outage", wording: Refusal.client) { call in
            outage(
                call["seconds"]?.castString.flatMap(Double.init) ?? 1, call["abrupt"]?.castBool ?? false)
            return .noContent
        }
    }

    private static func action(_ call: Call) throws -> SocketAction {
        switch call["action"]?.string {
        case "kill": return .kill
        case "disconnect":
            return .disconnect(
                reason: call["reason"]?.castString ?? "server_restart", reconnect: call["reconnect"]?.castBool ?? true)
        case "behave":
            guard let mode = call["mode"]?.string.flatMap({ SocketMode(rawValue: $0) }), mode != .refused else { break }
            return .behave(mode)
        case "halfFrame": return .halfFrame(thenCut: call["cut"]?.castBool ?? false)
        default: break
        }
        throw WorldError.invalid(message: "Unknown action", attributes: ["action"])
    }
}
