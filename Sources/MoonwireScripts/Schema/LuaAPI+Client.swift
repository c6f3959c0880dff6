import EventJSON

extension LuaAPI {
    static let client = APIObject(
        "client", .colon, "The customer, as known at the last recorded outcome.",
        fields: [
            APIField("id", "string", "The platform's id."),
            APIField("channel", "string", "The configured channel name."),
            APIField("name", "string|nil", "The name."),
            APIField("phone", "string|nil", "The phone number."),
            APIField("email", "string|nil", "The e-mail address."),
            APIField("identifier", "string|nil", "The business's own id of the person."),
            APIField("language", "string|nil", "A language tag."),
            APIField("tz", "string|nil", "An IANA time zone."),
            APIField("attrs", "table", "Custom attributes."),
            APIField("online", "boolean|nil", "Whether the client is connected, where the platform tells."),
            APIField("store", "client.store", "Values that belong to this client."),
        ],
        functions: [
            APIFunction(
                "update", .step, capability: "update", "Changes what the platform knows of the client.",
                [
                    .required(
                        "changes",
                        .options([
                            .optional("name", .text, "The name."),
                            .optional("phone", .text, "The phone number."),
                            .optional("email", .string, "The e-mail address."),
                            .optional("attrs", .map(.json), "Custom attributes; the others stay."),
                        ]), "What changes.")
                ]),
            APIFunction(
                "ban", .step, capability: "ban", "Keeps the client out.",
                [.optional("reason", .text, "Why, for the log; platforms may not keep it.")]),
            APIFunction("unban", .step, capability: "unban", "Lets the client in again."),
            APIFunction(
                "messages", .step, capability: "client_messages", returns: "message[]",
                "Reads messages of the client over all sessions, newest last.",
                [
                    .optional(
                        "opts",
                        .options([
                            .optional("limit", .integer(1...200), default: 20, "How many at most."),
                            .optional("before", .anyOf([.string, .object("message")]), "Only older ones."),
                        ]), "Which.")
                ]),
        ] + optingOut)

    static let operatorSeat = APIObject(
        "operator", .colon, "An agent's seat.",
        fields: [
            APIField("id", "string", "The platform's id."),
            APIField("name", "string|nil", "The name."),
            APIField("email", "string|nil", "The e-mail address."),
        ])
}
