import Moonwire
import MoonwireConfiguration
import MoonwireDashboard

extension ControlHandler {
    func pair(_ person: String, app: String?) async throws(HostError) -> DashboardPairing {
        let names = host.dashboards.map(\.name)
        guard let dashboard = host.dashboard, let only = names.first else {
            throw HostError("this host has no dashboard apps; the configuration's section is 'dashboards'")
        }
        guard let app = app ?? (names.count == 1 ? only : nil), names.contains(app) else {
            throw HostError(
                "name the dashboard app with --app; there are \(names.joined(separator: ", "))", isWrongInput: true)
        }
        do {
            guard let (code, found) = try await dashboard.pair(person, app: app) else {
                throw HostError("nobody in the account is called '\(person)'", isWrongInput: true)
            }
            return DashboardPairing(code: code, person: found.name ?? found.id, app: app, minutes: 10)
        } catch let error as HostError {
            throw error
        } catch {
            throw HostError("the platform could not be asked: \(error)")
        }
    }
}
