import EventJSON
import LuaRuntime
import Moonwire

/// A list that a loop reads page by page. The loop keeps it as text, so that the host keeps nothing.
struct ListRequest {
    enum Kind: String {
        case sessions
        case clients
    }

    let kind: Kind
    let channel: ChannelID
    /// `file:line` of the loop.
    let location: String
    var query = ChannelEffect.SessionQuery()

    init(kind: Kind, channel: ChannelID, location: String) {
        self.kind = kind
        self.channel = channel
        self.location = location
    }

    /// Reads what `packed` wrote.
    init?(packed: String) {
        guard let json = try? JSON(parsing: packed), let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let channel = json["channel"]?.string, let location = json["location"]?.string
        else { return nil }
        self.init(kind: kind, channel: ChannelID(channel), location: location)
        let query = json["query"]
        self.query.status = query?["status"]?.string
        self.query.owner = query?["owner"]?.string.flatMap(Owner.init(rawValue:))
        self.query.group = query?["group"]?.string
        self.query.labels = query?["labels"]?.elements.compactMap(\.string) ?? []
        self.query.client = query?["client"]?.string
        self.query.text = query?["text"]?.string
    }

    var packed: String {
        var members = CanonicalArguments()
        members.add("kind", kind.rawValue)
        members.add("channel", channel.rawValue)
        members.add("location", location)
        members.add("query", json: arguments(cursor: nil).json.bytes)
        return members.json.text
    }

    /// As the journal shows the page behind `cursor`.
    fileprivate func arguments(cursor: String?) -> CanonicalArguments {
        var arguments = CanonicalArguments()
        arguments.add("status", query.status)
        arguments.add("owner", query.owner?.rawValue)
        arguments.add("group", query.group)
        if !query.labels.isEmpty { arguments.add("labels", query.labels) }
        arguments.add("client", query.client)
        arguments.add("text", query.text)
        arguments.add("cursor", cursor)
        return arguments
    }
}

extension LuaScript {
    /// Suspends the run that calls for the page behind `cursor`.
    func fetch(_ list: ListRequest, cursor: String?) throws(LuaRaise) -> LuaReturn {
        let name = "channel:\(list.kind.rawValue)"
        try permit(.step, name)
        guard case .running(let run) = phase else { throw .message("\(name) works only inside a handler") }
        let query = list.query
        let effect: ChannelEffect =
            switch list.kind {
            case .sessions: .sessions(query, cursor: cursor)
            case .clients: .clients(ChannelEffect.ClientQuery(labels: query.labels, text: query.text), cursor: cursor)
            }
        run.reader = .page(location: list.location)
        run.receiver = nil
        run.pageChannel = list.channel
        run.request = StepRequest(
            kind: name, action: .channel(effect), session: SessionID(channel: list.channel, id: ""),
            arguments: list.arguments(cursor: cursor).json, location: list.location)
        return .suspend(true)
    }
}
