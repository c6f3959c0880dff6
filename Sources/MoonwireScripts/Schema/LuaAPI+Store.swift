import EventJSON

extension LuaAPI {
    static let store = APIObject(
        "bot.store", .colon, "Values that outlive runs, for this script. Writes commit with their step.",
        functions: storeFunctions)
    static let sessionStore = APIObject(
        "session.store", .colon, "Values that belong to a session.", functions: storeFunctions)
    static let clientStore = APIObject(
        "client.store", .colon, "Values that belong to a client.", functions: storeFunctions)

    private static let key = APIParameter.required("key", .string, "The key, 1 to 512 bytes.")
    private static let lifetime = APIParameter.optional(
        "opts", .options([.optional("ttl", duration, "After this time the key is gone; without it, it stays.")]),
        "How long.")

    private static let storeFunctions: [APIFunction] = [
        APIFunction("get", .step, returns: "value|nil", "Reads a value.", [key]),
        APIFunction(
            "set", .step, "Writes a value; nil deletes the key.",
            [key, .optional("value", .json, "What to keep."), lifetime]),
        APIFunction(
            "incr", .step, returns: "integer", "Adds to a counter that begins at 0, and returns it.",
            [key, .optional("by", .integer(-1_000_000_000_000...1_000_000_000_000), default: 1, "How much."), lifetime]),
        APIFunction("delete", .step, "Removes a key.", [key]),
        APIFunction(
            "cas", .step, returns: "boolean",
            "Writes only when the present value is the expected one; nil means no key.",
            [
                key, .optional("expected", .json, "What must be there."), .optional("value", .json, "What to keep."),
                lifetime,
            ]),
        APIFunction(
            "keys", .step, returns: "string[]", "The keys that begin with a prefix, in order.",
            [
                .optional("prefix", .string, default: "", "How they begin."),
                .optional(
                    "opts", .options([.optional("limit", .integer(1...1000), default: 100, "How many at most.")]),
                    "How many."),
            ]),
    ]
}
