import EventJSON

/// What only a custom channel has: there the host stands between the platform and whoever delivers its messages.
extension LuaAPI {
    static let location = APIFunction(
        "location", .step, capability: "location", returns: "message", "Sends a place on the map.",
        [.required("place", .options(place), "Where.")])

    private static let place: [APIParameter] = [
        .required("latitude", .number, "From -90 to 90."),
        .required("longitude", .number, "From -180 to 180."),
        .optional("address", .text, "What the place is called."),
    ]

    static let relaying: [APIFunction] = [
        APIFunction(
            "receive", .step, capability: "receive", returns: "message",
            "Tells the platform what the customer wrote. Exactly one of text, attachment, location and quick_reply.",
            [.required("message", .options(relayed + [contact]), "Who wrote what.")]),
        APIFunction(
            "echo", .step, capability: "echo", returns: "message",
            "Tells the platform what the business said elsewhere: a line in its inbox, which the customer does not get.",
            [.required("message", .options(relayed), "What was said to whom.")]),
        APIFunction(
            "receipt", .step, capability: "receipt", returns: "boolean",
            "Tells the platform what became of its message. False when that says nothing new.",
            [
                .required(
                    "receipt",
                    .options([
                        .optional("mid", .string, "The message's id, as its event has it."),
                        .optional("provider_id", .text, "Or the provider's id, which event:bind has bound to it."),
                        .required("value", .word(["delivered", "read", "failed"]), "What became of it."),
                        .optional("reason", .text, "Why it failed; an agent reads it."),
                    ]), "Which message, and what.")
            ]),
    ]

    static let answering: [APIFunction] = [
        APIFunction(
            "fail", .step, capability: "fail",
            "Tells the platform that its message cannot be delivered: in the answer while it waits for it, else by a "
                + "receipt.",
            [.required("reason", .text, "Why; an agent reads it.")]),
        APIFunction(
            "bind", .step, capability: "bind",
            "Remembers the provider's id of the platform's message for 7 days, so that receipts can name it.",
            [.required("provider_id", .text, "As the provider gave it.")]),
    ]

    private static let contact = APIParameter.optional(
        "contact",
        .options([
            .optional("first_name", .text, "At most 50 characters."),
            .optional("last_name", .text, "At most 50 characters."),
            .optional("profile_pic", .string, "The public link of an image."),
            .optional("locale", .string, "Such as en_US."),
            .optional("country_code", .string, "Two letters."),
            .optional("timezone", .number, "Hours from Greenwich."),
            .optional("email", .text, "At most 50 characters."),
            .optional("phone", .text, "At most 18 characters."),
            .optional("language", .string, "Two letters."),
        ]), "What the platform is to know of the customer; sent when it changes.")

    private static let relayed: [APIParameter] = [
        .required("contact_id", .text, "The customer, as the channel names contacts."),
        .optional("text", .text, "At most 7000 characters."),
        .optional(
            "attachment",
            .options([
                .optional("type", .string, "`image`, `video`, `audio` or `file`; told from mime or name without it."),
                .required("url", .string, "A link that anybody can open."),
                .optional("mime", .string, "The kind of content."),
                .optional("name", .string, "The file's name, with its extension."),
                .optional("description", .text, "What goes with an image."),
            ]), "A file."),
        .optional("location", .options(place), "A place on the map."),
        .optional(
            "quick_reply",
            .options([
                .required("title", .text, "What is asked."),
                .required("replies", .list(.text), "1 to 10 answers to tap."),
            ]), "A question."),
        .optional("provider_id", .text, "The provider's id: a second call with it does nothing, for 7 days."),
        .optional("mid", .string, "An id of your own, of letters, digits and _; made by the host without it."),
        .optional(
            "timestamp", .integer(0...Int64.max), "When it was written, in milliseconds since 1970; now without it."),
        .optional("split", .boolean, default: false, "Whether a text that is too long goes out in parts."),
    ]
}
