import EventJSON

extension LuaAPI {
    static let session = APIObject(
        "session", .colon, "One conversation, as it was at the last recorded outcome.",
        fields: [
            APIField("id", "string", "The platform's id."),
            APIField("channel", "string", "The configured channel name."),
            APIField("platform", "string", "The platform's name."),
            APIField("status", "string", "`open`, `pending`, `snoozed` or `closed`."),
            APIField("owner", "string", "`bot`, `operator`, `queue` or `platform_bot`."),
            APIField("client", "client|nil", "The customer."),
            APIField("operator", "operator|nil", "The agent in charge."),
            APIField("group", "string|nil", "The group that the session belongs to."),
            APIField("labels", "string[]", "Its labels."),
            APIField("attrs", "table", "Its custom attributes."),
            APIField("store", "session.store", "Values that belong to this session."),
        ],
        functions: [reply, note, ask, waitFor, next, quickReplies, attach, location] + steering + reading)

    private static let reply = APIFunction(
        "reply", .step, capability: "reply", returns: "message",
        rest: .optional("values", .printable, "What goes into the format."),
        "Sends a message. With more arguments the text is a format, as for bot.text.format.",
        [
            .required(
                "text",
                .anyOf([
                    .text,
                    .options([
                        .required("text", .text, "What to say."),
                        .optional("private", .boolean, default: false, "A note that only agents see."),
                        .optional("reply_to", .anyOf([.string, .object("message")]), "The message that it answers."),
                        .optional(
                            "template", .boolean, default: false, "Whether the platform's template marks are meant."),
                    ]),
                ]), "What to say, or a table.")
        ])

    private static let note = APIFunction(
        "note", .step, capability: "note", returns: "message", "Leaves a note that only agents see.",
        [.required("text", .text, "What to note.")])

    static let replyChoice = APIType.anyOf([
        .text,
        .options([
            .required("title", .text, "What the button shows."),
            .optional("value", .text, "What it answers; the title without it."),
        ]),
    ])

    private static let quickReplies = APIFunction(
        "quick_replies", .step, capability: "quick_replies", returns: "message",
        "Offers buttons; where the platform has none, a numbered list.",
        [
            .required(
                "buttons",
                .options([
                    .required("text", .text, "What to say."),
                    .required("replies", .list(replyChoice), "The buttons, 1 to 20."),
                    .optional("strict", .boolean, default: false, "Raise where the platform has no buttons."),
                ]), "Text and buttons.")
        ])

    private static let attach = APIFunction(
        "attach", .step, capability: "attach", returns: "message", "Sends a file. Exactly one of file, url and data.",
        [
            .required(
                "file",
                .options([
                    .optional("file", .string, "A path below the script's folder or the attachments folder."),
                    .optional("url", .string, "An http or https address."),
                    .optional("data", .bytes, "The content itself."),
                    .optional("name", .string, "The name that the client sees."),
                    .optional("mime", .string, "The kind of content."),
                    .optional("caption", .text, default: "", "Text that goes with it."),
                ]), "What to send.")
        ])

    private static let steering: [APIFunction] = [
        APIFunction(
            "submit", .step, capability: "submit", returns: "message",
            "Client role: answers a message that offers buttons, a form or a survey.",
            [
                .required("message", .anyOf([.object("message"), .string]), "The message, or its id."),
                .required("values", .json, "A button's title or value, or the form's values by name."),
            ]),
        APIFunction(
            "typing", .step, capability: "typing", "Shows that the bot is typing. A no-op where the platform has none.",
            [.optional("duration", .anyOf([.boolean, duration]), default: true, "How long, or false to end it.")]),
        APIFunction(
            "mark_read", .step, capability: "mark_read",
            "Marks what the peer wrote as read. A no-op where there is none."),
        APIFunction(
            "transfer", .step, capability: "transfer", "Moves the session. Exactly one of operator, group and queue.",
            [
                .required(
                    "target",
                    .options([
                        .optional("operator", .anyOf([.text, .object("operator")]), "An agent: id, e-mail or name."),
                        .optional("group", .text, "A group: id or name."),
                        .optional("queue", .boolean, "true: to whoever is free."),
                        .optional("note", .text, "For the agent; left out where the platform has no notes."),
                    ]), "Where to.")
            ]),
        APIFunction(
            "close", .step, capability: "close", "Closes the session.",
            [
                .optional(
                    "opts",
                    .options([
                        .optional(
                            "result", .text,
                            "What came of it. TWIN24: one of the results of the session's chat. Chatwoot keeps it as the "
                                + "session's custom attribute `result`.")
                    ]), "How.")
            ]),
        APIFunction(
            "take", .step, capability: "take", returns: "boolean",
            "Takes the session out of the queue. False when somebody else was faster."),
        APIFunction(
            "rename", .step, capability: "rename", "Gives the session another name.",
            [.required("name", .text, "The name.")]),
        APIFunction(
            "edit", .step, capability: "edit", "Changes the text of a message of the bot's own.",
            [
                .required("message", .anyOf([.object("message"), .string]), "The message, or its id."),
                .required("text", .text, "What it says now."),
            ]),
        APIFunction(
            "delete", .step, capability: "delete", "Deletes a message of the bot's own.",
            [.required("message", .anyOf([.object("message"), .string]), "The message, or its id.")]),
        APIFunction("reopen", .step, capability: "reopen", "Opens the session again."),
        APIFunction(
            "label", .step, capability: "label", rest: .optional("labels", .oneOrMore(.string), "More labels."),
            "Adds labels.", [.required("label", .oneOrMore(.string), "A label or a list of them.")]),
        APIFunction(
            "unlabel", .step, capability: "unlabel", rest: .optional("labels", .oneOrMore(.string), "More labels."),
            "Removes labels.", [.required("label", .oneOrMore(.string), "A label or a list of them.")]),
        APIFunction(
            "set", .step, capability: "set", "Sets custom attributes of the session; the others stay.",
            [.required("attributes", .map(.json), "By name.")]),
    ]

    private static let reading: [APIFunction] = [
        APIFunction(
            "messages", .step, capability: "messages", returns: "message[]",
            "Reads messages of the session, newest last.",
            [
                .optional(
                    "opts",
                    .options([
                        .optional("limit", .integer(1...200), default: 20, "How many at most."),
                        .optional("before", .anyOf([.string, .object("message")]), "Only older ones."),
                    ]), "Which.")
            ]),
        APIFunction(
            "refresh", .step, capability: "refresh", returns: "session", "Reads the session anew; its fields follow."),
        APIFunction(
            "can", .pure, returns: "boolean", "Whether the channel of this session can do it.",
            [.required("method", .word(methodNames), "The name of a method of sessions, or of clients.")]),
    ]

    /// The methods that depend on the channel.
    static let methodNames = [
        "reply", "note", "ask", "wait_for", "quick_replies", "attach", "location", "submit", "typing", "mark_read",
        "transfer",
        "close", "reopen", "label", "unlabel", "set", "messages", "refresh", "update", "take", "rename", "edit",
        "delete", "ban", "unban", "client_messages",
    ]
}
