import EventJSON

extension LuaAPI {
    static let sleep = APIFunction(
        "sleep", .step, returns: "true|nil, reason",
        "Waits. Other runs of the session go on meanwhile. In a dialog that ends, it returns nil and why.",
        [.required("duration", duration, "How long.")])

    static let after = APIFunction(
        "after", .run, returns: "wait", "Describes a wait for the time, for bot.any. It counts from there.",
        [.required("duration", duration, "How long.")])

    static let any = APIFunction(
        "any", .step, returns: "name, event|true|nil, reason",
        "Waits for the first of several waits; the rest are given up. Returns the name of that wait and its event, or "
            + "true for a time. Where an event fits several, numbered waits come first, then names in their order. Of "
            + "several times the shortest counts.",
        [.required("waits", .entries(.object("wait")), "By name, or as a list: what session:next and bot.after give.")])

    static let waitFor = APIFunction(
        "wait_for", .step, returns: "event|nil, reason", "Waits for an event of this session.",
        [
            .required("event", .eventName, "The event's name."),
            .optional(
                "opts",
                .options(
                    [.optional("timeout", duration, "How long at most; for ever without it.")] + waitFilter), "How."),
        ])

    static let next = APIFunction(
        "next", .run, returns: "wait", "Describes a wait for the session's next event of that name, for bot.any.",
        [
            .required("event", .eventName, "The event's name."),
            .optional("filter", .options(waitFilter), "Which of them."),
        ])

    static let wait = APIObject(
        "wait", .colon, "A wait that has not begun: session:next and bot.after make it, bot.any waits for it.")

    /// The keys of a filter that narrow what a wait takes.
    private static let waitFilter = filter.filter { ["from", "text", "words", "attachment"].contains($0.name) }
}
