@testable import ActionCable

/// A machine with a hand-driven time, and short names for what it does.
struct MachineHarness {
    var machine: CableMachine
    var now: Duration = .seconds(100)

    init(random: Double = 0.5, timing: CableTiming = CableTiming()) {
        machine = CableMachine(timing: timing, random: { random })
    }

    /// A machine whose connection has been welcomed.
    static func live(_ identifiers: String..., random: Double = 0.5) throws -> MachineHarness {
        var harness = MachineHarness(random: random)
        for identifier in identifiers { _ = try harness.machine.subscribe(identifier, now: harness.now) }
        harness.welcome()
        for identifier in identifiers { _ = harness.receive(.confirm(identifier: identifier)) }
        return harness
    }

    /// Starts, or waits for the retry, and gets a welcome.
    @discardableResult
    mutating func welcome() -> [CableMachine.Action] {
        _ = machine.phase == .idle ? machine.start(now: now) : runTo(machine.nextDeadline ?? now)
        var actions = machine.opened(machine.connection, now: now)
        actions += receive(.welcome)
        return actions
    }

    mutating func receive(_ frame: CableFrame) -> [CableMachine.Action] {
        machine.heard(machine.connection, now: now) + machine.received(frame, machine.connection, now: now)
    }

    mutating func add(_ identifier: String) throws -> (SubscriptionID, [CableMachine.Action]) {
        let (id, actions) = try machine.subscribe(identifier, now: now)
        return (id, actions)
    }

    /// Lets time pass, calling the machine exactly when it wants to be called.
    mutating func advance(_ duration: Duration) -> [CableMachine.Action] {
        runTo(now + duration)
    }

    /// Lets time pass while the server pings.
    mutating func advanceAlive(_ duration: Duration) -> [CableMachine.Action] {
        let end = now + duration
        var actions: [CableMachine.Action] = []
        while now < end {
            actions += runTo(min(now + .seconds(1), end))
            actions += receive(.ping)
        }
        return actions
    }

    mutating func runTo(_ end: Duration) -> [CableMachine.Action] {
        var actions: [CableMachine.Action] = []
        var calls = 0
        while let next = machine.nextDeadline, next <= end, calls < 10_000 {
            now = max(now, next)
            actions += machine.tick(now: now)
            calls += 1
        }
        now = end
        return actions
    }

    mutating func lose(_ failure: CableFailure = CableFailure(reason: "gone")) -> [CableMachine.Action] {
        machine.ended(machine.connection, failure, now: now)
    }

    /// How long the machine waits before the next attempt.
    var wait: Duration? {
        if case .waiting(let until) = machine.phase { until - now } else { nil }
    }
}

extension [CableMachine.Action] {
    /// The frames sent, as text.
    var sent: [String] {
        compactMap { if case .send(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    /// The events delivered to anyone.
    var events: [CableEvent] {
        compactMap { if case .deliver(_, let event) = $0 { event } else { nil } }
    }

    func events(_ id: SubscriptionID) -> [CableEvent] {
        compactMap { if case .deliver(id, let event) = $0 { event } else { nil } }
    }
}

func subscribeFrame(_ identifier: String) -> String {
    #"{"command":"subscribe","identifier":"\#(identifier)"}"#
}

func unsubscribeFrame(_ identifier: String) -> String {
    #"{"command":"unsubscribe","identifier":"\#(identifier)"}"#
}
