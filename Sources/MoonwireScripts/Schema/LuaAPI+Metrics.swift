import EventJSON

extension LuaAPI {
    static let metric = APIObject(
        "bot.metric", .dot,
        "Figures for the host's metrics, as moonwire_script_NAME with the script as a label. A run that is rebuilt counts "
            + "nothing twice; what was counted is gone when the host ends, as with all counters.",
        functions: [
            APIFunction(
                "count", .run, "Adds to a counter, whose name gets the ending _total.",
                [
                    name, .optional("by", .number, default: 1, "How much; nothing below zero."), labels,
                ]),
            APIFunction(
                "observe", .run, "Adds a value to a histogram, such as how many seconds something took.",
                [name, .required("value", .number, "The value."), labels]),
            APIFunction(
                "gauge", .run, "Sets a value that goes up and down.",
                [name, .required("value", .number, "The value."), labels]),
        ])

    private static let name = APIParameter.required(
        "name", .string, "Small letters, digits and underscores, 60 at most; 50 names in a script.")
    private static let labels = APIParameter.optional(
        "labels", .map(.text),
        "What it is counted by, eight at most: words of your own, never what clients write. Each set of values costs memory, "
            + "and the host keeps 500 of a metric.")
}
