import EventJSON

extension LuaAPI {
    static let registerBroadcast = APIFunction(
        "broadcast", .registers, returns: "broadcast",
        "Registers a broadcast: one message each to many people. What is sent, and to whom, is said with :audience and "
            + ":message; it begins with :start.",
        [
            .required("name", .string, "Its name, unique over all scripts of the host."),
            .required(
                "opts",
                .options([
                    .required("channel", .string, "The configured channel that it goes out on."),
                    .optional(
                        "inbox", .text, "Where conversations are opened: an inbox of Chatwoot, a chat of TWIN24."),
                    .optional(
                        "topic", .string,
                        "What clients opt out of, and what per_client counts over; its own name without it."),
                    .optional("throttle", .string, "At most so many messages, such as \"20/s\" or \"600/h\"."),
                    .optional("per_client", .string, "At most so many of the topic to one client, such as \"2/week\"."),
                    .optional(
                        "quiet", .string,
                        "Hours without messages: \"21:00-09:00 client\" in the recipient's zone, or with a zone's name. A "
                            + "recipient without a zone is taken to live in the broadcast's."),
                    .optional("tz", .string, "The broadcast's zone; without it the configured one."),
                    .optional(
                        "stop_if",
                        .options([
                            .optional("errors", .text, "A share of failed and unknown messages, such as \"3%\"."),
                            .optional("opt_outs", .text, "A share of recipients who opt out."),
                        ]), "Pauses when more than that goes wrong, from 20 outcomes on."),
                    .optional(
                        "ramp", .list(.integer(1...1_000_000)),
                        "How many recipients each of the first steps takes; the rest follows behind."),
                    .optional("ramp_wait", duration, default: "5m", "How long a step is watched before the next one."),
                ]), "Where it goes, and how fast."),
        ])

    static let broadcast = APIObject(
        "broadcast", .colon, "A registered broadcast.",
        fields: [APIField("name", "string", "Its name.")],
        functions: [
            APIFunction(
                "audience", .registers,
                "Says who gets it. Rows are tables; session, id, phone, email, identifier, name, tz and language have a "
                    + "meaning, and all fields are there for the message. Who comes twice is written to once. Beside a "
                    + "session name its client's id: choices and caps are the client's.",
                [
                    .required(
                        "source",
                        .anyOf([
                            .options([
                                .optional("csv", .string, "A file with a heading, below the script's folder."),
                                .optional("columns", .map(.string), "The field that a column is, by its heading."),
                                .optional(
                                    "delimiter", .string,
                                    "One of `,`, `;`, `|` and `tab`; without it as the heading has."),
                                .optional(
                                    "encoding", .string,
                                    "utf-8, utf-16, windows-1256, windows-1251 or latin-1; without it as the file looks."
                                ),
                                .optional(
                                    "country", .string,
                                    "Where its phone numbers without a calling code are dialled, such as \"SA\"; without it "
                                        + "they are rejected."),
                                .optional(
                                    "clients",
                                    .options([
                                        .optional("label", .oneOrMore(.string), "Labels, all of them."),
                                        .optional("text", .text, "What the platform's search looks for."),
                                    ]), "The channel's clients, as channel:clients gives them."),
                            ]), .function("()"),
                        ]),
                        "A file, the channel's clients, or a function that yields a row at a time (coroutine.yield) and may "
                            + "do whatever a handler may. One that raises pauses the broadcast; a resumption calls it "
                            + "anew.")
                ]),
            APIFunction(
                "message", .registers, "Says what each gets.",
                [
                    .required(
                        "message", .anyOf([.string, .function("(to)")]),
                        "A template such as \"Hi {name|there}, {order:integer} is ready\", or a pure function that gets the "
                            + "row and returns the text, or a table with text and template.")
                ]),
            APIFunction(
                "start", .step, returns: "table", "Begins it, unless it has begun with this key before.",
                [
                    .required(
                        "opts",
                        .options([
                            .required(
                                "key", .text, "What this time is known by, such as a date: the same key twice is one."),
                            .optional("draft", .boolean, default: false, "Whether only the audience is read for now."),
                        ]), "Which one.")
                ]),
            steer("pause", "Stops it; what is under way ends."),
            steer("resume", "Goes on with it, or asks again for an audience that failed."),
            steer("cancel", "Gives it up: who has not had a turn is skipped."),
            APIFunction(
                "retry", .step, returns: "table",
                "Gives those another turn whose message failed; tells how many have `changed`.",
                [.optional("key", .text, "Which one; the newest without it.")]),
            APIFunction(
                "status", .step, returns: "table|nil",
                "Its state and how many are pending, claimed, sent, skipped, failed and unknown.",
                [.optional("key", .text, "Which one; the newest without it.")]),
        ])

    static let broadcastFigures = APIObject(
        "broadcast_figures", .dot, "Where a broadcast stands, in the words of `moonwire broadcast status --json`.",
        fields: [
            APIField("id", "integer", "The journal's number of it."),
            APIField("name", "string", "Its name."),
            APIField("key", "string", "What this time of it is known by."),
            APIField("state", "string", "`draft`, `running`, `paused`, `finishing`, `finished` or `cancelled`."),
            APIField("reason", "string|nil", "Why it is paused."),
            APIField("channel", "string", "The channel that it goes out on."),
            APIField("topic", "string", "What clients opt out of."),
            APIField("audience", "integer", "How many recipients there are."),
            APIField("complete", "boolean", "Whether that is all of them."),
            APIField("pending", "integer", "Those who have not had a turn."),
            APIField("claimed", "integer", "Those whose message is on its way."),
            APIField("sent", "integer", "Those who got it."),
            APIField("skipped", "integer", "Those who were left out."),
            APIField("skipped_by", "table", "The same by reason: opted_out, frequency_cap, cancelled, other."),
            APIField("failed", "integer", "Those whose message certainly did not arrive."),
            APIField("unknown", "integer", "Those of whom nobody can tell."),
            APIField("rejected", "integer", "Rows of the audience that named nobody."),
            APIField("duplicates", "integer", "Rows that named somebody again."),
            APIField("opt_outs", "integer", "Recipients who opted out after their message."),
            APIField("rate", "number", "Messages sent a second: lately, or over all of one that is over."),
            APIField(
                "seconds_left", "number|nil", "How long it takes at this pace until everybody has had a turn."),
        ])

    private static func steer(_ name: String, _ summary: String) -> APIFunction {
        APIFunction(
            name, .step, returns: "table", summary, [.optional("key", .text, "Which one; the newest without it.")])
    }

    /// Of a client.
    static let optingOut: [APIFunction] = [
        APIFunction(
            "opt_out", .step,
            "Keeps broadcasts of the topic from the client, on every channel that knows the phone number or "
                + "address.", [.optional("topic", .string, default: "*", "The topic; all of them without it.")]),
        APIFunction(
            "opt_in", .step,
            "Lets broadcasts of the topic reach the client again. After an opt-out of all, of this topic alone.",
            [.optional("topic", .string, default: "*", "The topic; all of them without it.")]),
        APIFunction(
            "opted_out", .step, returns: "boolean", "Whether the client has opted out of the topic, or of all.",
            [.optional("topic", .string, default: "*", "The topic.")]),
    ]

    static let template = APIFunction(
        "template", .pure, returns: "string",
        "Fills variables in, as a broadcast's template does. Raises for what is missing.",
        [
            .required("text", .string, "Such as \"Hi {name|there}, {order:integer} is due {day:date}\"."),
            .required("vars", .map(.json), "The values, by name."),
        ])
}
