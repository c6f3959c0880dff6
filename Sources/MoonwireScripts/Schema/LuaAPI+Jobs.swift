import EventJSON

extension LuaAPI {
    static let job = APIFunction(
        "job", .registers,
        "Calls the function when it is due, once for each due time, whatever becomes of the host meanwhile. What it does is "
            + "journaled as in any handler.",
        [
            .required("name", .string, "The job's name, unique among all scripts of the host."),
            .required(
                "opts",
                .options([
                    .optional(
                        "every", duration,
                        "How often, from a second on: at the multiples of that time since 1970-01-01T00:00Z."),
                    .optional(
                        "cron", .string,
                        "When, as minute, hour, day of the month, month and day of the week: \"0 9 * * mon-fri\". Names, "
                            + "ranges, steps, lists; L is the last day of the month, fri#2 the second Friday, friL the last; "
                            + "@hourly, @daily, @weekly, @monthly, @yearly. A time that is left out when clocks go forward "
                            + "is due at the first instant after it; one that comes twice is due the first time only."),
                    .optional(
                        "tz", .string, "The IANA zone whose clocks count for cron; by default the configured one."),
                    .optional(
                        "misfire", .word(["skip", "run_once", "catch_up"]), default: "skip",
                        "What becomes of due times that the host missed: none runs, the last one runs, or each runs, one "
                            + "after the other (of more than 10,000 the newest)."),
                    .optional(
                        "grace", duration,
                        "How late a tick may still begin; by default a minute with skip, and any time otherwise. "
                            + "How long it then waits for an earlier tick does not count."),
                    .optional(
                        "overlap", .word(["skip", "queue", "allow"]), default: "skip",
                        "What becomes of a tick while an earlier one goes on: it passes, waits (a thousand at most), or "
                            + "runs beside it."),
                    .optional(
                        "jitter", duration,
                        "Ticks begin up to this much later, each by a time of its own; not longer than from one due time "
                            + "to the next."),
                ]), "When, and what becomes of ticks that cannot run then."),
            .required("fn", .function("(tick)"), "What to do."),
        ])

    static let tick = APIObject(
        "tick", .dot, "A due time of a job.",
        fields: [
            APIField("name", "string", "The job's name."),
            APIField(
                "scheduled_at", "number", "When it was due, in seconds since 1970: the same however late it runs."),
            APIField("late", "integer", "How many seconds late it was admitted; 0 for a punctual one."),
            APIField("manual", "boolean", "Whether a person asked for it: a trigger or a back-fill."),
        ])

    static let hours = APIFunction(
        "hours", .registers, returns: "hours",
        "Describes business hours.",
        [
            .required("name", .string, "Their name, unique in the script."),
            .required(
                "spec",
                .options([
                    .optional("tz", .string, "The IANA zone whose clocks count; by default the configured one."),
                    .required(
                        "days", .map(openingHours),
                        "The hours by day of the week: { [\"sun-thu\"] = \"09:00-13:00, 16:00-22:00\", fri = \"22:00-02:00\" }. "
                            + "Days that are not named are closed, and hours may go past midnight."),
                    .optional(
                        "holidays", .anyOf([.list(.string), .map(openingHours)]),
                        "Dates that are closed, as \"2026-12-25\" or for every year \"12-25\"; or a table from dates to "
                            + "hours of their own, false for closed."),
                ]), "The hours."),
        ])

    /// `false` is a closed day.
    private static let openingHours = APIType.anyOf([.string, .list(.string), .boolean])

    static let businessHours = APIObject(
        "hours", .colon, "Business hours: bot.hours makes them.",
        functions: [
            APIFunction(
                "open", .run, returns: "boolean", "Whether it is open.",
                [.optional("at", .number, "When, in seconds since 1970; by default the run's time.")]),
            APIFunction(
                "next_open", .run, returns: "number|nil",
                "When it is open next, in seconds since 1970: the given time itself when it is open then, nil if never.",
                [.optional("at", .number, "From when on; by default the run's time.")]),
        ])
}
