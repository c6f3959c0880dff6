import EventJSON

extension LuaAPI {
    static let ask = APIFunction(
        "ask", .step, capability: "reply", returns: "value, message|nil, reason",
        "Sends the prompt and waits for the peer's next message. What does not fit is asked again.",
        [
            .required("prompt", .text, "The question."),
            .optional("opts", .options(askOptions), "What counts as an answer."),
        ])

    private static let askOptions: [APIParameter] = [
        .optional(
            "as", .word(AnswerRule.Kind.allCases.map(\.rawValue)),
            "What the answer must be; `choice` with choices, else `text`. A phone number comes as `+966501234567`, a "
                + "date as `2026-12-31`, a location as a table with latitude, longitude and perhaps address."),
        .optional(
            "choices", .list(replyChoice),
            "Offered as buttons; matched by button, by title, value or number, or by the first letters of one title."),
        .optional("pattern", .string, "A regular expression of the linear-time subset that the text must match."),
        .optional("min", .number, "The smallest number that fits."),
        .optional("max", .number, "The largest number that fits."),
        .optional("integer", .boolean, default: false, "Whether only whole numbers fit."),
        .optional(
            "country", .string,
            "The ISO 3166 code of the country, such as SA, in which phone numbers without country code are dialled."),
        .optional(
            "order", .word(["dmy", "mdy"]), default: "dmy",
            "Whether the day or the month comes first in 5/3/2026; where only the other order makes a date, it counts."),
        .optional("earliest", .string, "The first day that fits: `today`, or a date such as 2026-12-31."),
        .optional("latest", .string, "The last day that fits: `today`, or a date such as 2026-12-31."),
        .optional(
            "check", .function("(value, message)"),
            "A pure function: a true result accepts the value; after a false one a second result is the hint."),
        .optional("hint", .text, "What to say when the answer does not fit."),
        .optional("retries", .integer(0...20), default: 3, "How often to ask again."),
        .optional("timeout", duration, default: "24h", "How long to wait for each answer."),
    ]
}
