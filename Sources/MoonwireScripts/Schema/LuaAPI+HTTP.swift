import EventJSON

extension LuaAPI {
    static let http = APIObject(
        "bot.http", .dot, "Requests to hosts that the configuration allows.",
        functions: [
            APIFunction(
                "get", .step, returns: "response", "Fetches an address.",
                [url, .optional("opts", .options(headOptions), "How.")]),
            APIFunction(
                "post", .step, returns: "response",
                "Sends to an address. Carries an idempotency key; in doubt it raises `unknown` unless repeatable.",
                [url, .optional("opts", .options(headOptions + bodyOptions), "What and how.")]),
            APIFunction(
                "request", .step, returns: "response", "Any other request.",
                [
                    .required(
                        "request",
                        .options(
                            [
                                .optional(
                                    "method", .word(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]),
                                    default: "GET", "The method."),
                                url,
                            ] + headOptions + bodyOptions), "What to send.")
                ]),
        ])

    static let response = APIObject(
        "response", .colon, "What a server answered. Any status is an answer.",
        fields: [
            APIField("status", "integer", "The HTTP status."),
            APIField("headers", "table", "By name in lower case."),
            APIField("body", "string", "The content."),
        ],
        functions: [APIFunction("json", .pure, returns: "value", "The content read as JSON; raises when it is none.")])

    private static let url = APIParameter.required("url", .string, "An http or https address.")

    private static let headOptions: [APIParameter] = [
        .optional("headers", .map(.anyOf([.text, .object("secret")])), "By name; a value may be a secret."),
        .optional("query", .map(.anyOf([.text, .boolean])), "Added to the address, escaped."),
        .optional("auth", .object("secret"), "Sent as a bearer token."),
        .optional("timeout", .duration(maximum: .seconds(300)), default: "20s", "How long at most."),
    ]

    private static let bodyOptions: [APIParameter] = [
        .optional("json", .json, "Sent as JSON."),
        .optional("form", .map(.anyOf([.text, .boolean])), "Sent as a form."),
        .optional("body", .bytes, "Sent as it is."),
        .optional("repeatable", .boolean, "Whether sending it twice is harmless."),
    ]
}
