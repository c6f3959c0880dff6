import EventJSON

extension LuaAPI {
    static let services: [APIFunction] = [
        APIFunction(
            "secret", .pure, returns: "secret",
            "A secret of the configuration, opaque: prints *** and is never journaled.",
            [.required("name", .string, "Its name.")]),
        sleep, after, any, template, reachChannel,
        APIFunction(
            "limit", .step, returns: "ok, wait",
            "Takes one from an allowance. After a false `ok`, `wait` says in how many seconds there is one again.",
            [
                .required("key", .string, "What the allowance is for."),
                .required("rate", .string, "How many in which time: \"10/m\", \"3/10s\", \"100/h\", \"1000/d\"."),
            ]),
        APIFunction("now", .run, returns: "number", "The run's time in seconds since 1970, with milliseconds."),
        APIFunction("uuid", .run, returns: "string", "A random UUID; the same in a replay."),
    ]

    static let json = APIObject(
        "bot.json", .dot, "JSON text to values and back.",
        functions: [
            APIFunction(
                "encode", .pure, returns: "string", "Writes a value as JSON.",
                [.required("value", .json, "What to write.")]),
            APIFunction(
                "decode", .pure, returns: "value", "Reads JSON text; raises when it is none.",
                [.required("text", .string, "What to read.")]),
        ])

    static let log = APIObject(
        "bot.log", .dot, "Lines for the host's log.",
        functions: ["debug", "info", "warn", "error"].map { level in
            APIFunction(
                level, .pure, "Logs at this level.",
                [
                    .required("text", .printable, "The line."),
                    .optional("fields", .map(.printable), "Named values that go with it."),
                ])
        })

    static let text = APIObject(
        "bot.text", .dot, "Comparing and shaping text.",
        functions: [
            APIFunction(
                "fold", .pure, returns: "string", "Text made comparable: no case, no marks, similar letters joined.",
                [.required("text", .text, "What to fold.")]),
            APIFunction(
                "contains", .pure, returns: "boolean", "Whether any of the words stands in the text, both folded.",
                [
                    .required("text", .text, "Where to look."),
                    .required("words", .oneOrMore(.text), "A word or a list of them."),
                ]),
            APIFunction(
                "truncate", .pure, returns: "string", "The beginning of a text, cut between characters.",
                [
                    .required("text", .text, "What to cut."),
                    .required("length", .integer(0...1_000_000), "How many characters at most, the ending included."),
                    .optional("ending", .string, default: "…", "What a cut text ends with."),
                ]),
            APIFunction(
                "format", .pure, returns: "string", rest: .optional("values", .printable, "What goes into it."),
                "As string.format.", [.required("format", .string, "With marks such as %s, %d and %.2f.")]),
        ])

    static let secret = APIObject("secret", .colon, "A secret: usable where a function takes one, otherwise ***.")
}
