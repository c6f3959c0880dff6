public import Moonwire
import Synchronization

/// What stands where on a listener. Groups of routes come and go while the server runs.
public final class RouteTable: Sendable {
    private struct State {
        var groups: [String: [any InboundRoute]] = [:]
        var exact: [String: any InboundRoute] = [:]
        /// Longest path first.
        var subtrees: [any InboundRoute] = []
        var isComplete = true
    }

    private let state = Mutex(State())

    public init() {}

    /// Puts these routes in the place of those that the group had.
    ///
    /// - Throws: `ServerError` when two routes have the same path; then everything stays as it was.
    public func mount(_ routes: [any InboundRoute], as group: String) throws(ServerError) {
        let taken: String? = state.withLock { state in
            var groups = state.groups
            groups[group] = routes
            var exact: [String: any InboundRoute] = [:]
            for route in groups.values.joined() {
                if exact.updateValue(route, forKey: route.path) != nil { return route.path }
            }
            state.groups = groups
            state.exact = exact
            state.subtrees = exact.values.filter(\.coversSubpaths).sorted { $0.path.utf8.count > $1.path.utf8.count }
            return nil
        }
        if let taken { throw ServerError(.route, "two routes want \(taken); rename what one of them belongs to") }
    }

    /// Whether all that the host has is mounted. Until then what is not found may only be late.
    public var isComplete: Bool {
        get { state.withLock { $0.isComplete } }
        set { state.withLock { $0.isComplete = newValue } }
    }

    /// Tells all that is mounted that the host goes down.
    func drain() {
        for route in state.withLock({ Array($0.exact.values) }) { route.drain() }
    }

    /// - Parameter path: As in `InboundHead`.
    func route(for path: String) -> (any InboundRoute)? {
        state.withLock { state in
            state.exact[path] ?? state.subtrees.first { path.hasPrefix($0.path + "/") || $0.path == "/" }
        }
    }
}
