/// What a subscribe identifier asks for; nil for anything but the chat's channel.
struct CableIdentifier: Sendable {
    let token: String
    let account: Int?
    let user: Int?

    init?(_ text: String) {
        guard let object = try? JSONValue(parsing: Array(text.utf8)), object["channel"]?.string == "RoomChannel" else {
            return nil
        }
        token = object["pubsub_token"]?.string ?? ""
        account = object["account_id"]?.castInt
        user = object["user_id"]?.castInt
    }
}
