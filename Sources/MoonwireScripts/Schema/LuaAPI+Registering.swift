import EventJSON

extension LuaAPI {
    static let bot = APIObject(
        "bot", .dot, "Registers handlers and reaches the services of the host.",
        fields: [
            APIField("store", "bot.store", "Values that outlive runs, for this script."),
            APIField("http", "bot.http", "Requests to hosts that the configuration allows."),
            APIField("json", "bot.json", "JSON text to values and back."),
            APIField("log", "bot.log", "Lines for the host's log."),
            APIField("metric", "bot.metric", "Figures for the host's metrics."),
            APIField("text", "bot.text", "Comparing and shaping text."),
            APIField("stop", "bot.stop", "Returned by a handler: no further handler sees the event."),
            APIField("config", "table", "The script's settings, as bot.settings declared them."),
        ],
        functions: registering + services)

    static let stop = APIObject("bot.stop", .dot, "What a handler returns to keep an event from further handlers.")

    private static let registering: [APIFunction] = [
        APIFunction(
            "on", .registers, "Calls the handler for each event of that name that passes the filter.",
            [
                .required("event", .eventName, "The event's name."),
                .optional("filter", .options(filter), "Which of them; the host decides before the script is entered."),
                .required("handler", .function("(event, session)"), "What to do."),
                .optional(
                    "opts",
                    .options([
                        .optional(
                            "name", .string, "The handler's name in logs and in the journal, unique in the script."),
                        .optional("priority", .integer(-1000...1000), default: 0, "Higher runs first."),
                    ]), "How to run it."),
            ]),
        APIFunction(
            "command", .registers, "Calls the handler when a peer's message begins with the word, with or without `/`.",
            [
                .required("word", .string, "One word; case and marks do not count."),
                .optional("filter", .options(filter), "Which messages."),
                .required("handler", .function("(session, args, event)"), "What to do."),
            ]),
        APIFunction(
            "dialog", .registers, returns: "function",
            "Makes a dialog: a handler for bot.on and bot.command, and a function that other handlers and dialogs call "
                + "with the session and get the results of. When a cancel word, its expiry or the session's end ends a "
                + "wait in it, all further waits in it return nil and why, so that it can take its leave.",
            [
                .required("name", .string, "The dialog's name, unique in the script."),
                .optional(
                    "opts",
                    .options([
                        .optional("expires", duration, "How long it may take from its beginning."),
                        .optional(
                            "cancel", .oneOrMore(.string),
                            "Messages that end it: its wait returns nil and \"cancelled\". Of nested dialogs the innermost "
                                + "one that has the word ends, and its caller goes on."),
                        .optional("restart", .oneOrMore(.string), "Messages that begin the whole run anew."),
                        .optional(
                            "on_reload", .word(["finish", "restart", "transfer"]), default: "finish",
                            "What becomes of it when a new version of the script takes over: it goes on with its own "
                                + "version, begins anew, or a human takes over."),
                    ]), "What holds for all waits in it."),
                .required("body", .function("(session, ...)"), "The dialog; an event or arguments follow the session."),
            ]),
        job, hours, webhook,
        APIFunction(
            "panel", .registers,
            "Adds a part to what the dashboard app shows of a session. Runs when an operator opens the session, and again "
                + "after each panel.action; returns a table with rows and buttons, or nil to show nothing.",
            [
                .required("name", .string, "The panel's name, unique on the host."),
                .required("body", .function("(session, operator)"), "Returns what to show."),
            ]),
        APIFunction(
            "use", .registers, "Runs around each handler, in the order of registration. Call `next()` to go on.",
            [.required("middleware", .function("(event, next)"), "What to do around the handler.")]),
        APIFunction(
            "on_error", .registers, "Called, in the same run, for an error that the handler did not catch.",
            [.required("handler", .function("(err, event, session)"), "What to do about it.")]),
        APIFunction(
            "settings", .registers, returns: "table",
            "Declares the script's settings; their values come from the configuration. Returns bot.config.",
            [
                .required(
                    "declarations",
                    .map(
                        .options([
                            .required(
                                "type", .word(["string", "number", "integer", "boolean", "list", "table"]),
                                "What the value must be."),
                            .optional("default", .json, "Its value when the configuration has none."),
                            .optional("required", .boolean, default: false, "Whether it must be configured."),
                            .optional("choices", .list(.json), "The values that are allowed."),
                            .optional("min", .number, "The smallest number allowed."),
                            .optional("max", .number, "The largest number allowed."),
                            .optional("description", .string, "For the people who configure it."),
                        ])), "By name.")
            ]),
        registerBroadcast,
    ]

    /// The keys of a filter.
    static let filter: [APIParameter] = [
        .optional("channel", .oneOrMore(.string), "Configured channel names."),
        .optional("platform", .oneOrMore(.string), "Platform names."),
        .optional("role", .oneOrMore(.word(["client", "operator"])), "Whose seat the bot takes."),
        .optional(
            "from", .oneOrMore(.word(["peer", "client", "operator", "bot", "self", "any"])), default: "peer",
            "Who spoke."),
        .optional(
            "owner", .oneOrMore(.word(["bot", "operator", "queue", "platform_bot", "any"])),
            "Who is in charge; without it an operator-role bot keeps silent while a human is."),
        .optional("status", .oneOrMore(.word(["open", "pending", "snoozed", "closed"])), "The session's status."),
        .optional("text", .oneOrMore(.string), "The exact text."),
        .optional("words", .oneOrMore(.string), "Any of these words; case, marks and similar letters do not count."),
        .optional("prefix", .oneOrMore(.string), "What the text begins with."),
        .optional("pattern", .oneOrMore(.string), "A regular expression of the linear-time subset."),
        .optional(
            "attachment", .anyOf([.boolean, .string, .list(.string)]), "true for any attachment, or kinds of them."),
        .optional("label", .oneOrMore(.string), "Labels of the session."),
        .optional("language", .oneOrMore(.string), "The client's language."),
        .optional("max_age", duration, default: "1h", "Older, back-filled events are skipped."),
        .optional("where", .function("(event, session)"), "A pure function that decides last."),
    ]
}
