import CurlHTTP
import CustomChannelAPI
import Moonwire
import MoonwireChannels
import MoonwireConfiguration

extension ChannelFactory {
    /// The provider's side of a custom channel.
    func custom(
        _ seat: ChannelSection.CustomSeat, _ section: ChannelSection, _ client: HTTPClient
    ) -> Engine.ChannelBinding {
        let tokens = seat.tokens.map { CustomChannelToken($0.revealed) }
        let credentials = CustomChannelCredentials(
            channelID: seat.channelID, webhookURL: seat.webhookURL.revealed, token: tokens.first ?? "",
            idType: seat.idType == .phone ? .phone : .custom)
        var settings = CustomChannelSettings(slug: seat.slug, tokens: tokens)
        settings.mode = seat.mode == .sync ? .sync : .accept
        settings.quickReplies = seat.quickReplies == .numbered ? .numbered : .native
        settings.answersPerMinute = seat.answersPerMinute
        settings.rate = section.delivery.rate
        let transport: any CustomChannelTransport =
            if let recorder { RecordingTransport(client, recorder) } else { client }
        let channel = CustomChannel(
            id: ChannelID(section.name), platform: section.platform, credentials: credentials, settings: settings,
            transport: transport, logger: logger)
        // The channel paces its posts itself, because receipts are among them.
        return Engine.ChannelBinding(channel, policy: CustomChannelSettings.policy)
    }
}

extension RecordingTransport: CustomChannelTransport {}
