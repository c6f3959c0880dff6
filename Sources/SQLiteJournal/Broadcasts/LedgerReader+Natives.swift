import GRDB
import Moonwire

extension LedgerReader {
    /// Whom a session of the sender's own stands for, in which a conversation is opened.
    static func recipient(of session: SessionID) -> (broadcast: Int64, number: Int64)? {
        let parts = session.id.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "broadcast", let id = Int64(parts[1]), let number = Int64(parts[2])
        else { return nil }
        return (id, number)
    }

    /// The platform ids of what broadcasts made since then, of the same kind as is looked for: what they wrote into the
    /// session, or, for a conversation that one opens, the conversations that they opened for the same client.
    func nativeIDs(of session: SessionID, since: Instant) throws -> Set<String> {
        let opens = Self.recipient(of: session)
        var addresses = ["\(session.channel)/session:\(session.id)"]
        if let opens {
            let row = try Row.fetchOne(
                db, sql: "SELECT row FROM recipients WHERE broadcast = ? AND number = ?",
                arguments: [opens.broadcast, opens.number])
            addresses = row.flatMap { Self.audienceRow($0) }?.addresses(on: session.channel) ?? []
        }
        let sql = """
            SELECT recipients.native, recipients.row, broadcasts.plan FROM topic_messages
            JOIN recipients ON recipients.broadcast = topic_messages.broadcast
                AND recipients.number = topic_messages.number
            JOIN broadcasts ON broadcasts.id = topic_messages.broadcast
            WHERE topic_messages.topic IN (SELECT DISTINCT topic FROM broadcasts) AND topic_messages.address = :address
            AND topic_messages.at >= :since AND recipients.native IS NOT NULL
            """
        var found: Set<String> = []
        for address in addresses {
            for row in try Row.fetchAll(
                db.cachedStatement(sql: sql), arguments: ["address": address, "since": since.rawValue])
            {
                // An id means something on its own channel only, and among its own kind.
                guard PlanCoding.decode(row.bytes("plan") ?? [])?.channel == session.channel,
                    (Self.audienceRow(row)?["session"] == nil) == (opens != nil)
                else { continue }
                found.insert(row["native"])
            }
        }
        return found
    }

    private static func audienceRow(_ row: Row) -> AudienceRow? {
        row.bytes("row").flatMap { try? AudienceRow(json: RawJSON(validated: $0)) }
    }
}
