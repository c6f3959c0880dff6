import Centrifuge
import CurlHTTP
import Moonwire
import MoonwireChannels
import MoonwireConfiguration
import TwinAPI
import WebSocketClient

extension ChannelFactory {
    /// What a configured channel can do, without making it.
    static func descriptor(of section: ChannelSection) -> ChannelDescriptor {
        let id = ChannelID(section.name)
        if case .custom(let seat) = section.seat {
            return CustomChannel.descriptor(
                id: id, platform: section.platform, answersPerMinute: seat.answersPerMinute)
        }
        guard section.platform != .twin24 else { return TwinChannel.descriptor(id: id) }
        return ChatwootChannel.descriptor(id: id, platform: section.platform, role: section.role)
    }

    /// An operator's seat on TWIN24.
    func twin(
        _ seat: ChannelSection.TwinSeat, _ section: ChannelSection, _ client: HTTPClient, _ methods: TwinMethods
    ) -> any Channel {
        var installation = TwinInstallation(
            iam: seat.iam, chat: seat.chat, realtime: seat.realtime, notify: seat.notify)
        for (name, method) in seat.methods {
            guard let endpoint = TwinEndpoint(name: name) else { continue }
            installation.methods[endpoint] = HTTPMethod(rawValue: method)
        }
        var socket = WebSocketConfiguration(url: installation.socketURL)
        socket.caFile = section.caFile
        socket.verifyTLS = section.verifyTLS
        socket.tap = recorder?.tap
        if let size = seat.messageSize {
            socket.maxFrameSize = size
            socket.maxMessageSize = size
        }
        var settings = TwinChannelSettings(stream: CentrifugeConfiguration(socket: socket))
        settings.status = seat.status == .online ? .online : .paused
        settings.onLogout = seat.onLogout == .stay ? .stay : .reactivate
        settings.onShutdown = seat.handOver.map { .handOver(group: $0) } ?? .leave
        settings.yieldsToHumans = seat.yieldsToHumans
        settings.closedStatuses = Set(seat.closedStatuses)
        settings.poll = section.poll
        settings.startsWithUnread = section.startsWithUnread
        if seat.claimsFromHelp {
            settings.claims = .init(maxSessions: seat.maxSessions, chats: Set(seat.claimChats))
        }
        settings.typingHold = seat.typingHold
        settings.maxBlind = seat.maxBlind
        settings.logoutHold = seat.logoutHold
        settings.drainTimeout = seat.drainTimeout
        settings.marksRead = seat.marksRead
        settings.notifications = seat.notifications.map { TwinNotifications($0) }
        let credentials = TwinCredentials(
            email: seat.email, password: TwinSecret(seat.password.revealed), companyID: seat.company)
        let transport: any TwinTransport = if let recorder { RecordingTransport(client, recorder) } else { client }
        let make: @Sendable () -> TwinChannel = { [installation, settings, logger] in
            TwinChannel(
                id: ChannelID(section.name), installation: installation, credentials: credentials,
                transport: transport, methods: methods, settings: settings, logger: logger)
        }
        guard let wait = seat.displacedRetryAfter else { return make() }
        return TwinReturningChannel(after: wait, logger: logger, make: make)
    }
}

extension TwinNotifications {
    fileprivate init(_ section: TwinNotificationSection) {
        self.init(
            section.ways.map { way in
                var channel = TwinNotification.Channel(way.kind.rawValue, text: "", more: way.options)
                channel.provider = way.provider
                channel.validityPeriod = way.validityPeriod
                channel.isRequired = way.isRequired
                return Way(channel, template: way.template)
            })
        phones = section.phones == .plus ? .plus : .digits
        marksGroups = section.marksGroups
    }
}
