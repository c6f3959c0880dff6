import Foundation
import HTTPTypes

/// Reading the simulator from another process.
extension RouteTable {
    func addObservationRoutes(_ control: SimulatorControl) {
        let world = world
        observe("/counters") { _ in try .encoding(await control.counters()) }
        observe("/conversations") { _ in
            .json(["payload": try .init(encoding: await control.conversations())])
        }
        observe("/conversations/:conversation") { call in
            try .encoding(await world.snapshot(of: call.number("conversation") ?? 0))
        }
        observe("/conversations/:conversation/messages") { call in
            .json(try await world.messageViews(of: call.number("conversation") ?? 0))
        }
        observe("/requests") { call in
            let entries = control.requests(
                after: call["after"]?.castInt ?? 0, containing: call["containing"]?.castString ?? "")
            return .json(["payload": try .init(encoding: entries)])
        }
        add([.delete], "/simulator/requests", wording: Refusal.client) { _ in
            control.clearRequests()
            return .noContent
        }
        observe("/wait") { call in
            let kind = call["kind"]?.castString.map { MessageKind(rawValue: $0) } ?? .outgoing
            guard let kind, let count = call["count"]?.castInt else {
                throw WorldError.invalid(message: "count and a known kind are needed", attributes: ["count", "kind"])
            }
            let seconds = call["timeout"]?.castString.flatMap(Double.init) ?? 10
            let reached = await control.waitForMessages(
                count, kind: kind, conversation: call["conversation"]?.castInt,
                timeout: .milliseconds(Int64(max(0, min(seconds, 600)) * 1000)))
            return .json(["reached": .bool(reached)], status: reached ? 200 : 408)
        }
    }

    private func observe(_ path: String, _ handler: @escaping Handler) {
        add([.get], "/simulator\(path)", wording: Refusal.client, handler)
    }
}

extension Answer {
    static let noContent = Answer(status: 204, contentType: "application/json", body: [])

    static func encoding(_ value: some Encodable, status: Int = 200) throws -> Answer {
        .json(try JSONValue(encoding: value), status: status)
    }
}

extension JSONValue {
    init(encoding value: some Encodable) throws {
        self = try JSONValue(parsing: Array(JSONEncoder().encode(value)))
    }
}
