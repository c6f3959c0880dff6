import Logging
import Moonwire
import MoonwireServer

/// Keeps the addresses of scripts in step with the scripts in service.
struct WebhookMount: Sendable {
    let engine: Engine
    /// `nil` when nothing listens.
    let routes: RouteTable?
    let secret: @Sendable (String) -> String?
    let logger: Logger

    /// Mounts what the scripts in service have registered, and nothing else.
    func update() async {
        let webhooks = await engine.handlers().compactMap(\.handler.webhook)
        guard let routes else {
            for webhook in webhooks {
                logger.warning(
                    "A webhook cannot be called: the configuration has no section 'server'",
                    metadata: ["webhook.name": "\(webhook.name)", "webhook.location": "\(webhook.location)"])
            }
            return
        }
        let engine = engine
        do throws(ServerError) {
            try routes.mount(
                webhooks.map { webhook in
                    WebhookRoute(webhook, secret: secret) { try await engine.admit($0) }
                }, as: "webhooks")
        } catch {
            // Names are unique, and nothing else stands below /hooks.
            logger.error("Webhooks could not be mounted", metadata: ["error": "\(error)"])
        }
        routes.isComplete = true
    }
}
