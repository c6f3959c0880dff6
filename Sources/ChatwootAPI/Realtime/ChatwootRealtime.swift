public import ActionCable
public import Logging
internal import Synchronization
internal import WebSocketClient

extension ChatwootInstallation {
    /// How to reach the installation's realtime socket.
    public var cableConfiguration: CableConfiguration {
        CableConfiguration(socket: WebSocketConfiguration(url: cableURL, headers: [("Origin", cableOrigin)]))
    }
}

/// The realtime stream of an installation: one socket for any number of contacts and operators.
///
/// Run it in a task of its own, and read each subscription in another. May be used from anywhere.
public final class ChatwootRealtime: Sendable {
    private struct Reference {
        weak var subscription: ChatwootSubscription?
    }

    private let client: CableClient
    private let logger: Logger
    private let channelName: String
    private let presenceInterval: Duration
    private let clock: any Clock<Duration>
    // Weak, so that events no longer pile up for a subscription that its reader has let go.
    private let subscriptions = Mutex<[Reference]>([])

    public init(
        _ installation: ChatwootInstallation, configuration: CableConfiguration? = nil, logger: Logger
    ) {
        let configuration = configuration ?? installation.cableConfiguration
        client = CableClient(configuration: configuration, logger: logger)
        clock = configuration.clock
        channelName = installation.channelName
        presenceInterval = installation.presenceInterval
        self.logger = logger
    }

    /// Connects, stays connected, and says that the subscribers are there. Returns when the task is cancelled, or when
    /// the server asks not to come back.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.client.run() }
            group.addTask { await self.keepPresence() }
            await group.next()
            group.cancelAll()
        }
    }

    /// The stream of one contact session. Throws `CableError` when it is subscribed already.
    public func subscribe(contact token: ChatwootSecret) throws -> ChatwootSubscription {
        try subscribe(.contact(token, channel: channelName), account: nil)
    }

    /// The stream of one operator in one account. Throws `CableError` when it is subscribed already.
    public func subscribe(user: Int, account: Int, token: ChatwootSecret) throws -> ChatwootSubscription {
        try subscribe(.user(token, account: account, user: user, channel: channelName), account: account)
    }

    private func subscribe(_ identifier: ChatwootIdentifier, account: Int?) throws -> ChatwootSubscription {
        let subscription = ChatwootSubscription(
            try client.subscribe(identifier.exposed), account: account, logger: logger)
        subscriptions.withLock { references in
            references.removeAll { $0.subscription == nil }
            references.append(Reference(subscription: subscription))
        }
        return subscription
    }

    private func keepPresence() async {
        while (try? await clock.sleep(for: presenceInterval)) != nil {
            for subscription in subscriptions.withLock({ $0.compactMap(\.subscription) }) {
                subscription.updatePresence()
            }
        }
    }
}
