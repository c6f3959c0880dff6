import Foundation
import NIOCore
import Synchronization

/// The fault dials of one simulator, read on every request and every event.
///
/// One lock around one struct: a decision is a few comparisons, and requests, sockets and tests all turn the dials.
public final class FaultDials: Sendable {
    private struct State {
        var settings = FaultSettings()
        var generator = SplitMix64(seed: 1)
        var tally: [String: Int] = [:]

        mutating func luck() -> Double { Double.random(in: 0..<1, using: &generator) }
    }

    private let state = Mutex(State())

    init() {}

    /// The dials as they stand; counts go down as faults happen.
    public var settings: FaultSettings { state.withLock { $0.settings } }

    /// The Centrifuge dials alone: they are read with every frame.
    var centrifuge: FaultSettings.Centrifuge { state.withLock { $0.settings.centrifuge } }

    /// How often each fault has happened.
    public var tally: [String: Int] { state.withLock { $0.tally } }

    /// Turns dials.
    public func update(_ body: (inout FaultSettings) -> Void) {
        state.withLock { state in
            let seed = state.settings.seed
            body(&state.settings)
            if state.settings.seed != seed { state.generator = SplitMix64(seed: state.settings.seed) }
        }
    }

    /// Turns every dial back.
    public func clear() {
        state.withLock { $0 = State() }
    }

    /// Lays a JSON object over the settings; what it does not name stays.
    func merge(_ patch: JSONObject) throws {
        let current = try JSONValue(parsing: Array(JSONEncoder().encode(settings)))
        guard let object = current.object else { return }
        let unknown = patch.members.map(\.key).filter { object[$0] == nil }
        guard unknown.isEmpty else {
            throw WorldError.invalid(message: "Unknown dial \(unknown.joined(separator: ", "))", attributes: unknown)
        }
        let merged = JSONValue.object(object.merging(patch)).bytes()
        let settings: FaultSettings
        do {
            settings = try JSONDecoder().decode(FaultSettings.self, from: Data(merged))
        } catch {
            throw WorldError.invalid(message: "A dial has a value that it cannot take", attributes: [])
        }
        update { $0 = settings }
    }

    enum EventFate: Equatable {
        case deliver, drop, duplicate, reorder
        case delay(TimeAmount)
    }

    /// Whether events must be looked at one by one.
    var touchEvents: Bool { state.withLock { !$0.settings.events.isQuiet } }

    func fate(ofEvent name: String, isContact: Bool) -> EventFate {
        state.withLock { state in
            let dials = state.settings.events
            guard dials.only.isEmpty || dials.only.contains(name) else { return .deliver }
            guard dials.role.isEmpty || (dials.role == "contact") == isContact else { return .deliver }
            let fate = Self.fate(&state)
            if fate != .deliver { state.tally["events.\(Self.name(fate))", default: 0] += 1 }
            return fate
        }
    }

    private static func fate(_ state: inout State) -> EventFate {
        let delay = EventFate.delay(.milliseconds(Int64(state.settings.events.delayMilliseconds)))
        let counts: [(WritableKeyPath<FaultSettings.Events, Int>, EventFate)] = [
            (\.dropNext, .drop), (\.duplicateNext, .duplicate), (\.delayNext, delay), (\.reorderNext, .reorder),
        ]
        for (count, fate) in counts where state.settings.events[keyPath: count] > 0 {
            state.settings.events[keyPath: count] -= 1
            return fate
        }
        let dials = state.settings.events
        for (probability, fate) in [
            (dials.drop, EventFate.drop), (dials.duplicate, .duplicate), (dials.delay, delay),
            (dials.reorder, .reorder),
        ] where probability > 0 && state.luck() < probability {
            return fate
        }
        return .deliver
    }

    private static func name(_ fate: EventFate) -> String {
        switch fate {
        case .deliver: "delivered"
        case .drop: "dropped"
        case .duplicate: "duplicated"
        case .reorder: "reordered"
        case .delay: "delayed"
        }
    }

    /// The rule that a request falls under, if any.
    func fault(method: String, path: String) -> RequestFault? {
        state.withLock { state in
            for index in state.settings.requests.indices {
                let rule = state.settings.requests[index]
                guard rule.path.isEmpty || path.contains(rule.path) else { continue }
                guard rule.method.isEmpty || rule.method == method else { continue }
                if rule.next > 0 {
                    state.settings.requests[index].next -= 1
                } else if rule.probability <= 0 || state.luck() >= rule.probability {
                    continue
                }
                state.tally["requests.\(rule.kind.rawValue)", default: 0] += 1
                return rule
            }
            return nil
        }
    }

    /// How the next connection to `/cable` shall behave.
    func nextSocket() -> (mode: SocketMode, status: Int) {
        state.withLock { state in
            let sockets = state.settings.sockets
            guard sockets.mode != .normal else { return (.normal, 0) }
            state.tally["sockets.\(sockets.mode.rawValue)", default: 0] += 1
            if sockets.next > 0 {
                state.settings.sockets.next -= 1
                if sockets.next == 1 { state.settings.sockets.mode = .normal }
            }
            return (sockets.mode, sockets.status)
        }
    }

    /// What becomes of the next connection to the Centrifuge endpoint.
    func nextStream() -> FaultSettings.Centrifuge.Connect {
        state.withLock { state in
            let connect = state.settings.centrifuge.connect
            guard connect.mode != .normal else { return connect }
            state.tally["streams.\(connect.mode.rawValue)", default: 0] += 1
            if connect.next > 0 { state.settings.centrifuge.connect.next -= 1 }
            if connect.next == 1 { state.settings.centrifuge.connect = .init() }
            return connect
        }
    }

    /// Takes one from a count of faults that are still to happen; false when there is none.
    func take(_ count: WritableKeyPath<FaultSettings.Centrifuge, Int>, _ name: String) -> Bool {
        state.withLock { state in
            guard state.settings.centrifuge[keyPath: count] > 0 else { return false }
            state.settings.centrifuge[keyPath: count] -= 1
            state.tally[name, default: 0] += 1
            return true
        }
    }

    /// Whether the events of the next request wait for its answer.
    func waitsForAnswer() -> Bool {
        state.withLock { state in
            switch state.settings.delivery {
            case .afterAnswer: true
            case .beforeAnswer: false
            case .mixed: state.luck() < 0.5
            }
        }
    }
}
