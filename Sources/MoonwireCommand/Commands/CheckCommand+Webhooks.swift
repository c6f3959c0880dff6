import EventJSON
import Moonwire
import MoonwireConfiguration

extension CheckCommand {
    /// What keeps the world from the addresses of scripts.
    static func unreachable(
        _ handlers: [(script: String, handler: HandlerDescriptor)], _ configuration: HostConfiguration, file: String
    ) -> [Finding] {
        guard let webhook = handlers.compactMap(\.handler.webhook).first else { return [] }
        guard let server = configuration.server else {
            return [
                Finding(
                    file: file, line: nil,
                    message:
                        "webhook '\(webhook.name)' (\(webhook.location)) cannot be called: the configuration has no "
                        + "section 'server' with 'listen' and 'public_url'", isError: false)
            ]
        }
        guard server.publicURL == nil else { return [] }
        return [
            Finding(
                file: file, line: server.line,
                message: "'server' has no 'public_url': addresses are shown as this machine reaches them",
                isError: false)
        ]
    }

    /// The line with an address to paste.
    static func line(
        _ webhook: WebhookDeclaration, _ script: String, _ configuration: HostConfiguration, _ output: Terminal
    ) -> String {
        let address = configuration.server?.address(of: webhook.path) ?? webhook.path
        return
            "webhook \(output.colour(webhook.name, .cyan)): \(output.colour(address, .cyan)), \(terms(webhook)) "
            + "(\(script), \(webhook.location))"
    }

    static func encode(
        _ webhook: WebhookDeclaration, _ script: String, _ configuration: HostConfiguration
    ) -> JSON {
        [
            "script": .string(script), "name": .string(webhook.name), "location": .string(webhook.location),
            "url": configuration.server.map { .string($0.address(of: webhook.path)) } ?? .null,
            "methods": .array(webhook.methods.sorted().map { .string($0) }),
        ]
    }

    private static func terms(_ webhook: WebhookDeclaration) -> String {
        let who =
            switch webhook.auth {
            case .open: "open to whoever knows it"
            case .bearer(let secret): "with secret \(secret) as bearer token"
            case .signature(let terms): "signed in \(terms.header) with secret \(terms.secret)"
            }
        return webhook.methods.sorted().joined(separator: ", ") + " " + who
    }
}
