import EventJSON

extension LuaAPI {
    static let event = APIObject(
        "event", .colon, "Something that came in.",
        fields: [
            APIField("name", "string", "The event's name."),
            APIField("id", "string", "The platform's id of what it is about."),
            APIField("at", "number", "When it happened, in seconds since 1970."),
            APIField("channel", "string", "The configured channel name."),
            APIField("platform", "string", "The platform's name."),
            APIField("role", "string", "`client` or `operator`: whose seat the bot takes."),
            APIField("native", "string", "The platform's own name of it."),
            APIField("from", "string|nil", "`client`, `operator`, `bot` or `self`."),
            APIField("late", "integer|nil", "For a back-filled event: how many seconds late."),
            APIField("session", "session|nil", "The session."),
            APIField("client", "client|nil", "The customer."),
            APIField(
                "operator", "operator|nil",
                "The agent in charge; of an event of the dashboard app, the person who looks at it."),
            APIField("action", "string|nil", "Of panel.action: the button's action."),
            APIField("args", "table|nil", "Of panel.action: what the button brings."),
            APIField("message", "message|nil", "The message."),
            APIField("broadcast", "broadcast_figures|nil", "Of broadcast.*: where the broadcast stands."),
            APIField("raw", "table|nil", "The platform's own payload."),
        ], functions: answering)

    static let message = APIObject(
        "message", .colon, "One message.",
        fields: [
            APIField("id", "string", "The platform's id."),
            APIField("text", "string", "The text; empty when there is none."),
            APIField("at", "number", "When it was written, in seconds since 1970."),
            APIField("from", "string", "`client`, `operator`, `bot` or `self`."),
            APIField("content_type", "string", "The platform's name of the kind of content."),
            APIField("private", "boolean", "Whether only agents see it."),
            APIField("deleted", "boolean", "Whether it was deleted."),
            APIField("attachments", "table[]", "id, kind, url, name, mime, size, latitude, longitude."),
            APIField("quick_replies", "table[]", "Offered buttons: title and value."),
            APIField("submitted_values", "table|nil", "What a person answered to buttons or a form."),
            APIField("reply_to", "string|nil", "The id of the message that it answers."),
        ])

    static let arguments = APIObject(
        "args", .dot, "What follows a command.",
        fields: [
            APIField("text", "string", "All of it."),
            APIField("words", "string[]", "Its words."),
        ])

    static let failure = APIObject(
        "error", .colon, "What bot.on_error is given; an effect's error, caught by pcall, has the same fields.",
        fields: [
            APIField("code", "string", "A word to match on: `unsupported`, `closed`, `unknown`, `error`, …"),
            APIField("message", "string", "What happened."),
            APIField("retryable", "boolean", "Whether trying again later can help."),
            APIField("status", "integer|nil", "The HTTP status, when there was one."),
            APIField("where", "string|nil", "file:line"),
            APIField("traceback", "string", "How Lua got there."),
        ])

    /// The events of the platforms and of the host. Others are reached as `platform:name`.
    public static let events: [APIEvent] = [
        APIEvent("message.created", "A message was written."),
        APIEvent("message.updated", "A message changed, or its buttons were answered."),
        APIEvent("message.read", "The other side read a message."),
        APIEvent("message.delivered", "A message reached the other side."),
        APIEvent("message.failed", "The platform could not deliver a message."),
        APIEvent("delivery.failed", "An effect of ours that the platform reports as failed later."),
        APIEvent("session.started", "A conversation began."),
        APIEvent("session.assigned", "An agent took the session."),
        APIEvent("session.queued", "The session is open and nobody's."),
        APIEvent("session.from_bot", "A bot of the platform handed the session over."),
        APIEvent("session.updated", "The session changed."),
        APIEvent("session.lost", "The session left the bot: for a bot of the platform, or for another operator."),
        APIEvent("session.closed", "The session was closed."),
        APIEvent("session.reopened", "The session was opened again."),
        APIEvent("session.paused", "A person keeps the bot out of the session."),
        APIEvent("session.resumed", "The bot is back in the session."),
        APIEvent("typing.started", "The other side is typing."),
        APIEvent("typing.stopped", "The other side stopped typing."),
        APIEvent("client.online", "The client connected."),
        APIEvent("client.offline", "The client went away."),
        APIEvent("client.updated", "The client's data changed."),
        APIEvent("operator.blocked", "The platform blocked the bot's seat; the channel ends."),
        APIEvent("operator.displaced", "Somebody else took the bot's seat; the channel ends."),
        APIEvent("operator.logged_out", "The platform made the bot's seat offline."),
        APIEvent("channel.connected", "The channel is connected."),
        APIEvent("channel.disconnected", "The channel lost its connection."),
        APIEvent("panel.opened", "An operator opened the dashboard app for the session."),
        APIEvent("panel.action", "An operator pressed a button of a panel: event.action, event.args."),
        APIEvent("panel.handover", "An operator wants the session to be given to humans; the host does it."),
        APIEvent("channel.gap", "Events may have been missed."),
        APIEvent("broadcast.started", "A broadcast began: event.broadcast."),
        APIEvent(
            "broadcast.paused", "A broadcast was stopped, by a person or a rule of its own: event.broadcast.reason."),
        APIEvent("broadcast.resumed", "A broadcast goes on."),
        APIEvent("broadcast.finished", "Everybody of a broadcast has had a turn, and all outcomes are known."),
        APIEvent("broadcast.cancelled", "A broadcast was given up; who is pending will be skipped."),
    ]
}
