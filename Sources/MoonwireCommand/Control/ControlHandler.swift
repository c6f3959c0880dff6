import Moonwire
import MoonwireScripts

/// Does what a request asks for. Knows nothing of how it came.
struct ControlHandler: Sendable {
    let host: Host
    /// How long the journal knows what became of a tick.
    var memory = RetentionPolicy().keys

    func answer(_ request: ControlRequest) async -> ControlResponse {
        let reloader = host.reloader
        do throws(HostError) {
            switch request {
            case .reload(let scripts): return .reloads(try await reloader.reload(scripts, retries: true))
            case .scripts:
                return .scripts(
                    HostScripts(scripts: try await reloader.status(), luaStates: host.loader.activities.count))
            case .broadcast(let order): return .broadcast(try await answer(order))
            case .rollback(let script, let version):
                return .rollback(try await reloader.rollBack(script, to: version))
            case .retire(let version, let cancels, let isForced):
                return .retirement(
                    try await reloader.retire(version, as: cancels ? .cancels : .handsOver, isForced: isForced))
            case .jobs(let request):
                return .jobs(
                    try await request.perform(on: host.engine.scheduler, memory: memory, at: HostClock.system.now))
            case .pair(let person, let app): return .pairing(try await pair(person, app: app))
            }
        } catch {
            return ControlResponse(error)
        }
    }
}
