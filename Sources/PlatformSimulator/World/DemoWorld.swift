/// The ids and tokens of the world that every simulator starts with.
///
/// They are fixed and public on purpose: the simulator holds nothing worth protecting.
public enum DemoWorld {
    public static let accountID = 3
    public static let accountName = "Acme"

    /// API inbox without identity validation.
    public static let hooryInboxID = 9
    public static let hooryInboxIdentifier = "hooryInboxIdentifier0001"
    /// API inbox without identity validation.
    public static let bevatelInboxID = 10
    public static let bevatelInboxIdentifier = "bevatelInboxIdentifier01"
    /// API inbox that demands an identifier hash.
    public static let secureInboxID = 11
    public static let secureInboxIdentifier = "secureInboxIdentifier001"
    public static let secureInboxHMACToken = "hmacTokenForDocsOnly0001"
    /// API inbox that keeps one conversation per contact.
    public static let singleInboxID = 12
    public static let singleInboxIdentifier = "singleInboxIdentifier001"

    /// Administrator and human.
    public static let omarID = 21
    public static let omarAccessToken = "omarAccessTokenForDocs01"
    public static let omarPubsubToken = "omarPubsubTokenForDocs01"
    /// Agent: the seat that a bot works from, member of every inbox.
    public static let moonwireID = 22
    public static let moonwireAccessToken = "moonwireAccessTokenDocs1"
    public static let moonwirePubsubToken = "moonwirePubsubTokenDocs1"
    /// Agent and human, member of no inbox but of team billing.
    public static let laylaID = 23
    public static let laylaAccessToken = "laylaAccessTokenForDocs1"
    public static let laylaPubsubToken = "laylaPubsubTokenForDocs1"
    /// Agent bot that is attached to no inbox.
    public static let helperBotID = 2
    public static let helperBotAccessToken = "helperBotTokenForDocs001"

    public static let billingTeamID = 4
    public static let supportTeamID = 5
    public static let labels = ["vip", "billing", "urgent"]
}
