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
            "as", .word(["text", "number", "email", "phone", "choice", "attachment"]),
            "What the answer must be; `choice` with choices, else `text`."),
        .optional("choices", .list(replyChoice), "Offered as buttons; matched by button, by title, value or number."),
        .optional("pattern", .string, "A regular expression of the linear-time subset that the text must match."),
        .optional(
            "check", .function("(value, message)"),
            "A pure function: a true result accepts the value; after a false one a second result is the hint."),
        .optional("hint", .text, "What to say when the answer does not fit."),
        .optional("retries", .integer(0...20), default: 3, "How often to ask again."),
        .optional("timeout", duration, default: "24h", "How long to wait for each answer."),
    ]
}
