import EventJSON
public import Moonwire

/// What the name of a recorded step says of it.
public enum StepKind {
    private static let waits: Set<String> = ["session:wait_for", "session:ask (answer)", "bot.sleep", "bot.any"]

    private static let reads: Set<String> = [
        "session:messages", "session:refresh", "bot.store:get", "bot.store:keys", "session.store:get",
        "session.store:keys", "client.store:get", "client.store:keys", "bot.http.get", "channel:sessions",
        "channel:clients", "channel:operators", "channel:groups",
        "channel:me", "broadcast:status", "client:opted_out",
    ]

    /// Whether the step waits for an event or for a time.
    public static func isWait(_ kind: String) -> Bool { waits.contains(kind) }

    /// Whether the step changes something outside of its run. A step of a kind that is not known here counts as one
    /// that does.
    public static func changesSomething(_ kind: String, _ arguments: RawJSON) -> Bool {
        guard !waits.contains(kind), !reads.contains(kind) else { return false }
        guard kind == "bot.http.request" || kind == "channel:request" else { return true }
        let method = (try? JSON(parsing: arguments.bytes))?["method"]?.string
        return method != "GET" && method != "HEAD"
    }
}
