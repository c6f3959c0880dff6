import NIOCore
import Synchronization

/// Brings events from the world to the sockets, as faithfully as the fault dials let it.
///
/// Knows when (before or after the answer to the request that caused an event) and whether (drop, duplicate, delay,
/// reorder); does not know what an event means.
final class EventPublisher: Sendable {
    private let hub: CableHub
    private let faults: FaultDials
    private let loop: any EventLoop
    /// Deliveries that wait for the next one to overtake them.
    private let held = Mutex<[Delivery]>([])

    private struct Delivery: Sendable {
        let stream: EventStream
        let payload: [UInt8]
    }

    init(hub: CableHub, faults: FaultDials, loop: any EventLoop) {
        self.hub = hub
        self.faults = faults
        self.loop = loop
    }

    /// Events of one request, held back until its answer has been written.
    final class Scope: Sendable {
        typealias Announcement = @Sendable () -> Void

        private let announcements = Mutex<[Announcement]?>([])

        /// Keeps an announcement; false when the scope has ended already.
        func hold(_ announcement: @escaping Announcement) -> Bool {
            announcements.withLock { announcements in
                guard announcements != nil else { return false }
                announcements?.append(announcement)
                return true
            }
        }

        /// Ends the scope and makes the announcements that it held.
        func end() {
            let held = announcements.withLock { announcements in
                defer { announcements = nil }
                return announcements ?? []
            }
            for announcement in held { announcement() }
        }
    }

    @TaskLocal static var scope: Scope?

    /// Announces an event now, or after the answer of the current request.
    func publish(_ event: PlatformEvent) {
        guard !event.audience.isEmpty else { return }
        if let scope = Self.scope, scope.hold({ self.deliver(event) }) { return }
        deliver(event)
    }

    private func deliver(_ event: PlatformEvent) {
        // An event that is held must be overtaken by the next one, also when the dials are back.
        guard faults.touchEvents || held.withLock({ !$0.isEmpty }) else {
            hub.send(event.payload, to: event.audience)
            return
        }
        let payload = event.payload
        // A fault that nobody would notice is not spent.
        for stream in event.audience where hub.hasListeners(stream) {
            let delivery = Delivery(stream: stream, payload: payload)
            switch faults.fate(ofEvent: event.name, isContact: stream.isContact) {
            case .deliver: pass(delivery)
            case .drop: break
            case .duplicate:
                pass(delivery)
                pass(delivery)
            case .delay(let delay):
                loop.scheduleTask(in: delay) { self.pass(delivery) }
            case .reorder: hold(delivery)
            }
        }
    }

    private func pass(_ delivery: Delivery) {
        hub.send(delivery.payload, to: [delivery.stream])
        for late in held.withLock({ held in
            defer { held.removeAll { $0.stream == delivery.stream } }
            return held.filter { $0.stream == delivery.stream }
        }) {
            hub.send(late.payload, to: [late.stream])
        }
    }

    /// Holds a delivery until another one of its stream has overtaken it, but not for ever.
    private func hold(_ delivery: Delivery) {
        held.withLock { $0.append(delivery) }
        loop.scheduleTask(in: .seconds(2)) {
            let late = self.held.withLock { held in
                defer { held.removeAll { $0.stream == delivery.stream } }
                return held.filter { $0.stream == delivery.stream }
            }
            for delivery in late { self.hub.send(delivery.payload, to: [delivery.stream]) }
        }
    }
}
