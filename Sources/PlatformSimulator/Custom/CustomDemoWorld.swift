/// The ids and the credential of the custom channel that every simulator starts with.
///
/// They are fixed and public on purpose: the simulator holds nothing worth protecting.
public enum CustomDemoWorld {
    public static let channelID = "c7q2m9x4kd"
    public static let token = "customChannelTokenForDocs"
    /// Where channels post what happens on the customer's side; the slash at the end belongs to it.
    public static let webhookPath = "/custom/channel/webhook/"
}
