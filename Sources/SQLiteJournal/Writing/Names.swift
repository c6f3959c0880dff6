import GRDB
import Moonwire

/// The numbers that stand for names in the rows.
///
/// Remembers those it has met; what a rolled back transaction gave out is forgotten with all the others.
final class Names {
    private struct Handler: Hashable {
        let script: String
        let version: String
        let handler: String
    }

    private struct Site: Hashable {
        let kind: String
        let location: String
    }

    private var channels: [ChannelID: Int64] = [:]
    private var handlers: [Handler: Int64] = [:]
    private var sites: [Site: Int64] = [:]
    /// The last answers: neighbours in a group mostly ask for the same, and equal strings that share their storage
    /// compare faster than they hash.
    private var lastChannel: (key: ChannelID, id: Int64)?
    private var lastHandler: (key: Handler, id: Int64)?
    private var lastSite: (key: Site, id: Int64)?
    private let addChannel, findChannel, addHandler, findHandler, addSite, findSite: PreparedStatement

    init(_ db: Database) throws {
        addChannel = try PreparedStatement("INSERT INTO channels (name) VALUES (?1) ON CONFLICT DO NOTHING", db)
        findChannel = try PreparedStatement("SELECT id FROM channels WHERE name = ?1", db)
        addHandler = try PreparedStatement(
            "INSERT INTO handlers (script, version, handler) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", db)
        findHandler = try PreparedStatement(
            "SELECT id FROM handlers WHERE script = ?1 AND version = ?2 AND handler = ?3", db)
        addSite = try PreparedStatement("INSERT INTO sites (kind, location) VALUES (?1, ?2) ON CONFLICT DO NOTHING", db)
        findSite = try PreparedStatement("SELECT id FROM sites WHERE kind = ?1 AND location = ?2", db)
    }

    func channel(_ channel: ChannelID) throws(SQLiteFailure) -> Int64 {
        if let lastChannel, lastChannel.key == channel { return lastChannel.id }
        if let id = channels[channel] {
            lastChannel = (channel, id)
            return id
        }
        let id = try number(addChannel, findChannel, [channel.rawValue])
        channels[channel] = id
        return id
    }

    func handler(of run: RunRecord) throws(SQLiteFailure) -> Int64 {
        let key = Handler(script: run.script, version: run.version, handler: run.handler)
        if let lastHandler, lastHandler.key == key { return lastHandler.id }
        if let id = handlers[key] {
            lastHandler = (key, id)
            return id
        }
        let id = try number(addHandler, findHandler, [run.script, run.version, run.handler])
        handlers[key] = id
        return id
    }

    func site(of step: StepRecord) throws(SQLiteFailure) -> Int64 {
        let key = Site(kind: step.kind, location: step.location)
        if let lastSite, lastSite.key == key { return lastSite.id }
        if let id = sites[key] {
            lastSite = (key, id)
            return id
        }
        let id = try number(addSite, findSite, [step.kind, step.location])
        sites[key] = id
        return id
    }

    func forget() {
        channels.removeAll()
        handlers.removeAll()
        sites.removeAll()
        lastChannel = nil
        lastHandler = nil
        lastSite = nil
    }

    private func number(
        _ add: PreparedStatement, _ find: PreparedStatement, _ values: [String]
    ) throws(SQLiteFailure) -> Int64 {
        for statement in [add, find] {
            var index: Int32 = 0
            for value in values {
                index += 1
                statement.bind(index, value)
            }
        }
        try add.run()
        guard try find.next() else { throw SQLiteFailure(code: 1, message: "a name has no number") }
        defer { find.reset() }
        return find.int(0)
    }
}
