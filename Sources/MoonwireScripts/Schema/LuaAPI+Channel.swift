import EventJSON

extension LuaAPI {
    static let reachChannel = APIFunction(
        "channel", .pure, returns: "channel",
        "A configured channel, for what does not begin with one of its events. Also at the top level of a file.",
        [.required("name", .string, "Its name in the configuration.")])

    static let channel = APIObject(
        "channel", .colon, "One configured connection to a platform.",
        fields: [
            APIField("name", "string", "The configured name."),
            APIField("platform", "string", "The platform's name."),
            APIField("role", "string", "`client` or `operator`: whose seat the bot takes."),
        ],
        functions: [
            APIFunction(
                "session", .run, returns: "session",
                "A session by its id. Its methods work as those of the run's own session do, except that a run waits for "
                    + "its own session only. Of its fields only id, channel and platform are known before refresh().",
                [.required("id", .text, "The platform's id.")]),
            APIFunction(
                "sessions", .step, capability: "sessions", returns: "function",
                "For a `for` loop: gives one session after another. Each page is read when the loop comes to it.",
                [.optional("query", .options(sessionQuery), "Which; all without it.")]),
            APIFunction(
                "clients", .step, capability: "clients", returns: "function",
                "For a `for` loop: gives one client after another. Each page is read when the loop comes to it.",
                [.optional("query", .options(clientQuery), "Which; all without it.")]),
            APIFunction(
                "open", .step, capability: "open", returns: "session", "Starts a conversation.",
                [.required("opening", .options(opening), "With whom, and how it begins.")]),
            APIFunction(
                "operators", .step, capability: "operators", returns: "table[]",
                "The operators: id and, where the platform tells, name, email and status."),
            APIFunction("groups", .step, capability: "groups", returns: "table[]", "The groups: id and name."),
            APIFunction("me", .step, capability: "me", returns: "table", "Whose seat the bot has, as in operators()."),
            APIFunction("online", .step, capability: "online", "Lets new sessions come to the seat."),
            APIFunction("pause", .step, capability: "pause", "Keeps new sessions away; own ones go on."),
            APIFunction(
                "request", .step, capability: "request", returns: "table",
                "Sends a request of the platform's own API with the channel's credential, and gives status and body. "
                    + "Raises for a status that is no success.",
                [
                    .required("method", .word(requestMethods), "The HTTP method."),
                    .required(
                        "path", .string,
                        "Below the channel's own part of the API, with a slash in front: of Chatwoot the account, or as a "
                            + "client the contact; of TWIN24 the chat service. May have a query."),
                    .optional("body", .json, "Sent as JSON."),
                ]),
            APIFunction(
                "can", .pure, returns: "boolean", "Whether the channel can do it.",
                [
                    .required(
                        "method", .word(channelMethodNames), "The name of a method of channels, sessions or clients.")
                ]
            ),
        ] + relaying)

    private static let sessionQuery: [APIParameter] = [
        .optional("status", .word(["open", "pending", "snoozed", "closed"]), "The session's status."),
        .optional("owner", .word(["bot", "operator", "queue", "platform_bot"]), "Who is in charge."),
        .optional("group", .text, "The group: id or name."),
        .optional("label", .oneOrMore(.string), "Labels, all of them."),
        .optional("client", .anyOf([.text, .object("client")]), "The client, or the client's id."),
        .optional("text", .text, "What the platform's search looks for."),
    ]

    private static let clientQuery: [APIParameter] = [
        .optional("label", .oneOrMore(.string), "Labels, all of them."),
        .optional("text", .text, "What the platform's search looks for: a name, a number, an address."),
    ]

    private static let opening: [APIParameter] = [
        .optional(
            "client",
            .anyOf([
                .text, .object("client"),
                .options([
                    .optional("name", .text, "The name."),
                    .optional("phone", .text, "The phone number."),
                    .optional("email", .string, "The e-mail address."),
                    .optional("identifier", .text, "The business's own id of the person."),
                ]),
            ]),
            "A client or a client's id; or a person, who is looked up by identifier, phone and e-mail address. Left out "
                + "in the client role."),
        .optional("message", .text, "What to say first."),
        .optional("template", .boolean, default: false, "Whether the platform's template marks in it are meant."),
        .optional(
            "inbox", .text, "The inbox of Chatwoot or the chat of TWIN24, by id or name, where there are several."),
    ]

    private static let requestMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

    /// The methods of channels that depend on the platform, and those of sessions and clients.
    static let channelMethodNames =
        [
            "session", "sessions", "clients", "open", "operators", "groups", "me", "online", "pause", "request",
            "receive", "echo", "receipt", "fail", "bind",
        ]
        + methodNames
}
