import EventJSON
import MoonwireConfiguration

extension CheckCommand {
    /// A page that no browser can load.
    static func unreachableDashboards(_ configuration: HostConfiguration, file: String) -> [Finding] {
        guard configuration.server == nil, let first = configuration.dashboards.first else { return [] }
        return [
            Finding(
                file: file, line: first.line,
                message: "dashboard '\(first.name)' is a page that browsers load: a section 'server' is needed, with "
                    + "'listen' and 'public_url'")
        ]
    }

    static func lines(
        of dashboards: [DashboardSection], _ configuration: HostConfiguration,
        _ colour: (String, Terminal.Colour) -> String
    ) -> [String] {
        dashboards.map { dashboard in
            let key = dashboard.launchKey == nil ? "" : " and #k= with the launch key"
            return "dashboard \(colour(dashboard.name, .cyan)): paste "
                + colour(address(of: dashboard, configuration), .cyan) + key
                + " into Settings > Integrations > Dashboard apps of \(dashboard.channel)'s platform"
        }
    }

    static func encode(_ dashboard: DashboardSection, _ configuration: HostConfiguration) -> JSON {
        [
            "name": .string(dashboard.name), "channel": .string(dashboard.channel),
            "url": .string(address(of: dashboard, configuration)),
        ]
    }

    private static func address(of dashboard: DashboardSection, _ configuration: HostConfiguration) -> String {
        configuration.server?.address(of: dashboard.path) ?? dashboard.path
    }
}
