import ActionCable
import ChatwootAPI
import CurlHTTP
import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireConfiguration
import TwinAPI
import WebSocketClient

/// Makes channels from their configuration.
struct ChannelFactory {
    let logger: Logger
    /// Where a made-up source id is kept, so that a restart finds the same contact.
    let stateFolder: URL
    /// Who writes down what passes; nobody when absent.
    var recorder: Recorder?

    /// Connections are shared by channels with the same trust.
    private final class Clients {
        private var clients: [String: HTTPClient] = [:]

        func client(for section: ChannelSection) throws -> HTTPClient {
            let key = "\(section.caFile ?? "") \(section.verifyTLS)"
            if let client = clients[key] { return client }
            let client = try HTTPClient(
                configuration: HTTPClientConfiguration(caFile: section.caFile, verifyTLS: section.verifyTLS))
            clients[key] = client
            return client
        }
    }

    func channels(_ sections: [ChannelSection]) throws -> [Engine.ChannelBinding] {
        let clients = Clients()
        let methods = TwinMethods()
        return try sections.map { section in
            let client = try clients.client(for: section)
            if case .custom(let seat) = section.seat { return custom(seat, section, client) }
            let channel =
                if case .twin(let seat) = section.seat {
                    twin(seat, section, client, methods)
                } else {
                    try channel(section, client)
                }
            return Engine.ChannelBinding(channel, policy: section.delivery)
        }
    }

    private func channel(_ section: ChannelSection, _ client: HTTPClient) throws -> any Channel {
        let transport: any ChatwootTransport =
            if let recorder { RecordingTransport(client, recorder) } else { client }
        var installation = ChatwootInstallation(origin: section.origin)
        installation.publicPrefix = section.publicPrefix
        installation.appPrefix = section.appPrefix
        installation.cablePath = section.cablePath
        installation.channelName = section.channelName
        installation.authHeaderName = section.authHeader
        installation.originHeader = section.originHeader
        let settings = settings(section, installation)
        let id = ChannelID(section.name)
        switch section.seat {
        case .client(let seat):
            let api = ChatwootClientAPI(
                installation, inboxIdentifier: ChatwootSecret(seat.inbox.revealed), transport: transport)
            return ChatwootChannel.client(
                id: id, platform: section.platform, api: api, contact: try contact(seat, section, installation),
                settings: settings, logger: logger)
        case .twin, .custom: throw HostError("channel '\(section.name)' is none of the Chatwoot family")
        case .operator(let seat):
            let api = ChatwootOperatorAPI(
                installation, accountID: seat.account, accessToken: ChatwootSecret(seat.token.revealed),
                transport: transport)
            return ChatwootChannel.operator(
                id: id, platform: section.platform, api: api, inboxes: seat.inboxes, settings: settings,
                logger: logger)
        }
    }

    private func settings(
        _ section: ChannelSection, _ installation: ChatwootInstallation
    ) -> ChatwootChannelSettings {
        var socket = WebSocketConfiguration(url: installation.cableURL)
        // Without its own origin a fork that kept the framework's check answers 404.
        socket.headers = [("Origin", installation.cableOrigin)]
        socket.caFile = section.caFile
        socket.verifyTLS = section.verifyTLS
        socket.tap = recorder?.tap
        return ChatwootChannelSettings(
            cable: CableConfiguration(socket: socket), presence: section.presence, poll: section.poll,
            startsWithUnread: section.startsWithUnread)
    }

    private func contact(
        _ seat: ChannelSection.ClientSeat, _ section: ChannelSection, _ installation: ChatwootInstallation
    ) throws -> ChatwootContactSeat {
        let sourceID = try seat.sourceID.map { ChatwootSecret($0.revealed) } ?? keptSourceID(section, installation)
        var details = ChatwootContactDetails()
        details.name = seat.name
        details.email = seat.email
        details.phoneNumber = seat.phone
        var contact = ChatwootContactSeat(sourceID: sourceID, details: details)
        if let identifier = seat.identifier {
            if let token = seat.hmacToken {
                contact.identity = ChatwootIdentity(
                    identifier: identifier, hmacToken: ChatwootSecret(token.revealed))
            } else {
                contact.identifier = identifier
            }
        }
        return contact
    }

    /// A source id is a credential: the file is readable by its owner only.
    private func keptSourceID(_ section: ChannelSection, _ installation: ChatwootInstallation) throws -> ChatwootSecret
    {
        let file = stateFolder.appendingPathComponent(".moonwire-\(section.name).source-id")
        if let text = try? String(contentsOf: file, encoding: .utf8) {
            let kept = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !kept.isEmpty { return ChatwootSecret(kept) }
        }
        let made = installation.newSourceID()
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: Data(made.exposed.utf8), attributes: [.posixPermissions: 0o600])
        else {
            throw HostError(
                "channel '\(section.name)' has no 'source_id', and one that was made up cannot be kept in "
                    + "\(stateFolder.path); make the folder writable or write a source_id")
        }
        return made
    }
}
