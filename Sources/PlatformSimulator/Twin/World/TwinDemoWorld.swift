/// The ids and credentials of the TWIN24 world that every simulator starts with.
///
/// They are fixed and public on purpose: the simulator holds nothing worth protecting.
public enum TwinDemoWorld {
    public static let companyID = 1

    /// The seat that a bot works from.
    public static let operatorID = 389
    public static let operatorEmail = "operator@example.org"
    public static let operatorPassword = "operatorPasswordForDocs"
    /// A human colleague.
    public static let colleagueID = 390
    public static let colleagueEmail = "colleague@example.org"
    public static let colleaguePassword = "colleaguePasswordForDocs"

    /// Holds both operators.
    public static let supportGroupID = 7
    public static let supportGroupName = "Support"
    /// Holds the colleague alone.
    public static let billingGroupID = 8
    public static let billingGroupName = "Billing"

    public static let chatID = "7c1e2f4a-0001-4000-a000-000000000001"
    public static let chatName = "Site"
    public static let botID = "7c1e2f4a-0002-4000-a000-000000000001"
    /// Results that the chat lets a session finish with.
    public static let results = ["solved", "unsolved"]
    /// An operator's message with this text sends the session to the bot.
    public static let botTrigger = "/bot"

    public static let clientID = "7c1e2f4a-0003-4000-a000-000000000001"
    public static let clientName = "Sara"
}
