import Foundation
import HTTPTypes

/// Where the services of TWIN24 are on the simulator's port.
enum TwinPath {
    static let iam = "/iam/api/v1"
    static let chat = "/chat/api/v1"
    static let notify = "/notify/api/v1"
    static let realtime = "/centrifugo/connection/websocket"

    static func holds(_ path: String) -> Bool { [iam, chat, notify].contains { path.hasPrefix($0) } }
}

/// A call by an operator.
struct TwinCall: Sendable {
    let call: Call
    let caller: Int

    var parameters: JSONObject { call.parameters }
    var query: TwinListQuery { TwinListQuery(call.parameters) }

    /// A part of the path, decoded.
    func text(_ name: String) -> String { call.segment(name).removingPercentEncoding ?? "" }
    func number(_ name: String) -> Int? { Int(call.segment(name)) }
}

extension RouteTable {
    /// A route that needs no token of its own kind; refusals are worded as TWIN24 does.
    func open(
        _ methods: [HTTPRequest.Method], _ path: String, _ handler: @escaping @Sendable (Call) async throws -> Answer
    ) {
        add(methods, path, wording: Refusal.client) { call in
            do {
                return try await handler(call)
            } catch let refusal as TwinRefusal {
                throw Refusal(answer: refusal.answer)
            } catch let error as SimulatorError {
                throw Refusal(
                    answer: .json(["error": .string(error.message)], status: error.code == .notFound ? 404 : 422))
            }
        }
    }

    /// A route for operators; nothing to answer is an empty 200.
    func twin(
        _ methods: [HTTPRequest.Method], _ path: String, _ world: TwinWorld,
        _ handler: @escaping @Sendable (TwinCall) async throws -> JSONValue?
    ) {
        open(methods, path) { call in
            let caller = try await world.authenticate(try Self.bearer(call))
            let answer = try await handler(TwinCall(call: call, caller: caller))
            return answer.map { .json($0) } ?? .empty
        }
    }

    /// A change of state whose method is not published: all are known here, and all but those of the dials refused.
    func twinState(
        _ path: String, _ world: TwinWorld, _ handler: @escaping @Sendable (TwinCall) async throws -> Void
    ) {
        twin([.patch, .put, .post], path, world) { call in
            guard await world.dials.stateMethods.contains(call.call.method) else { throw TwinRefusal.wrongMethod }
            try await handler(call)
            return nil
        }
    }

    static func bearer(_ call: Call) throws(TwinRefusal) -> String {
        guard let header = call.headers[.authorization], header.hasPrefix("Bearer ") else { throw .unauthorized }
        return String(header.dropFirst("Bearer ".count))
    }
}
