/// The Lua API as data: the one place that says what scripts can call.
///
/// The runtime builds its objects and checks arguments from it, and the reference and the type files are written from
/// it. It knows names, types and texts; what a function does stands under `Functions`.
public enum LuaAPI {
    /// Grows when a script written for an older level could behave differently. Each version is recorded with its level,
    /// and a host replays those of its last releases: what changes keeps its older form beside it, chosen by
    /// `ScriptSources.level`.
    public static let level = 1

    public static let objects: [APIObject] = [
        bot, store, sessionStore, clientStore, http, json, log, metric, text, session, client, channel, operatorSeat,
        event,
        message,
        response, arguments, failure, secret, stop, wait,
        tick, businessHours, request, broadcast, broadcastFigures,
    ]

    public static func object(_ name: String) -> APIObject? {
        objects.first { $0.name == name }
    }

    /// The longest time a script may name.
    static let longest = Duration.seconds(366 * 86_400)
    static let duration = APIType.duration(maximum: longest)
}
