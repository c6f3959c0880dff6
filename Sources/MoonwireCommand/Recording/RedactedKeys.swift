/// What the name of a member tells about its value, however the platform writes the name.
enum RedactedKeys {
    private static let secrets: Set = [
        "authorization", "password", "sourceid", "inboxidentifier", "channelidentifier", "identifierhash", "apikey",
        "cookie", "jwt", "deviceid", "clientdeviceid", "signature", "sig", "credentials", "privatekey", "signedid",
        "blobid", "xamzsignature",
        "xamzcredential", "xamzsecuritytoken",
    ]
    private static let secretEndings = ["token", "secret", "password"]
    private static let names: Set = [
        "firstname", "lastname", "middlename", "fullname", "availablename", "sendername", "agentname", "clientname",
        "operatorname", "authorname", "clientnameforoperator", "username", "nickname", "surname", "patronymic", "login",
        "assigneename", "contactname",
        "messengeruserid", "clientexternalid", "externalid",
    ]
    private static let phones: Set = [
        "phone", "phonenumber", "mobile", "mobilephone", "telephone", "msisdn", "clientphone", "whatsappphone",
    ]
    private static let addresses: Set = ["ip", "ipaddress", "createdatip", "updatedatip", "lastip", "clientip"]
    private static let places: Set = [
        "coordinates", "latitude", "longitude", "coordinateslat", "coordinateslong", "geolocation",
    ]
    private static let pictures: Set = ["avatar", "avatarurl", "thumbnail", "photo", "photourl", "picture"]
    private static let texts: Set = [
        "content", "processedmessagecontent", "text", "message", "body", "title", "caption", "lastmessage",
        "lastoperatormessage", "firstclientmessageafterlastoperatormessage",
        "description", "comment", "note", "feedbackmessage",
    ]
    private static let people: Set = [
        "sender", "contact", "user", "agent", "assignee", "client", "operator", "author", "creator", "performer",
        "customer", "visitor", "person", "changedby", "assignedagent", "agents", "contacts", "users", "operators",
        "clients", "members", "participants", "previousoperator",
    ]
    private static let personMarks: Set = [
        "email", "phone", "phonenumber", "availabilitystatus", "availablename", "firstname", "lastname", "pubsubtoken",
        "whatsappphone",
    ]
    /// A session of TWIN24 bears the name of its client.
    private static let sessionMarks: Set = ["clientid", "operatorid", "startedat", "markedasspam"]

    /// Lower case, without `_` and `-`: `pubsub_token`, `pubsubToken` and `Pubsub-Token` are one name.
    static func plain(_ key: String) -> String {
        String(decoding: key.utf8.lazy.filter { $0 != 0x5F && $0 != 0x2D }, as: UTF8.self).lowercased()
    }

    static func isSecret(_ plain: String) -> Bool {
        secrets.contains(plain) || secretEndings.contains { plain.hasSuffix($0) }
    }

    static func isPhone(_ plain: String) -> Bool { phones.contains(plain) }
    static func isAddress(_ plain: String) -> Bool { addresses.contains(plain) }
    static func isPicture(_ plain: String) -> Bool { pictures.contains(plain) }
    /// Whether the value tells where somebody is.
    static func isPlace(_ plain: String) -> Bool { places.contains(plain) }
    /// Whether the value is what somebody wrote, rather than a word or number of the platform.
    static func isText(_ plain: String) -> Bool { texts.contains(plain) }

    /// Whether the value names a person: by its own name, or as the `name` of an object that is one.
    static func isName(_ plain: String, ofPerson: Bool) -> Bool {
        names.contains(plain) || ofPerson && (plain == "name" || plain == "displayname")
    }

    /// Whether an object with these members, found under this name, is a person. An inbox has a name and a phone too.
    static func isPerson(_ members: Set<String>, under plain: String) -> Bool {
        if members.contains("channeltype") || members.contains("inboxtype") { return false }
        return people.contains(plain) || !members.isDisjoint(with: personMarks)
            || members.contains("chatid") && !members.isDisjoint(with: sessionMarks)
    }
}
