import GRDBSQLite
import Moonwire

// Who is in an audience, and who is there already.
extension LedgerWriter {
    /// Adds a recipient whom none of the entry's addresses names yet.
    ///
    /// - Parameter hasOthers: Whether anybody of the audience is known by more than one address.
    func insert(
        _ entry: AudienceEntry, number: Int64, _ row: LedgerHeader, hasOthers: Bool
    ) throws(SQLiteFailure) -> Entrance {
        guard hasOthers else {
            let isNew = try add(entry, number: number, row)
            if isNew { return .added }
            let known = try self.number(Self.holder, .int(row.id.rawValue), .text(entry.address))
            return try meetAgain(entry, known, row) ? .met : .duplicate
        }
        var known: Int64?
        var unknown: [String] = []
        for address in [entry.address] + entry.others {
            var holder = try self.number(Self.holder, .int(row.id.rawValue), .text(address))
            if holder == nil {
                holder = try self.number(Self.otherHolder, .int(row.id.rawValue), .text(address))
            }
            known = known ?? holder
            if holder == nil { unknown.append(address) }
        }
        let entrance: Entrance
        if let known {
            entrance = try meetAgain(entry, known, row) ? .met : .duplicate
        } else {
            entrance = try add(entry, number: number, row) ? .added : .duplicate
        }
        for address in unknown where known != nil || address != entry.address {
            try run(
                "INSERT INTO recipient_addresses (broadcast, address, number) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                .int(row.id.rawValue), .text(address), .int(known ?? number))
        }
        return entrance
    }

    func clearAddresses(of id: BroadcastID, limit: Int) throws(SQLiteFailure) -> Int64 {
        try run(
            """
            DELETE FROM recipient_addresses WHERE broadcast = ?1 AND address IN
            (SELECT address FROM recipient_addresses WHERE broadcast = ?1 LIMIT ?2)
            """, .int(id.rawValue), .int(Int64(limit)))
    }

    enum Entrance {
        case added
        /// Is there from an earlier attempt at the audience; from now on the row belongs to this one.
        case met
        case duplicate
    }

    private static let holder = "SELECT number FROM recipients WHERE broadcast = ?1 AND address = ?2"
    private static let otherHolder = "SELECT number FROM recipient_addresses WHERE broadcast = ?1 AND address = ?2"

    private func add(_ entry: AudienceEntry, number: Int64, _ row: LedgerHeader) throws(SQLiteFailure) -> Bool {
        try run(
            """
            INSERT INTO recipients (broadcast, number, address, row, seen) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO NOTHING
            """, .int(row.id.rawValue), .int(number), .text(entry.address), .blob(entry.row.bytes), .int(row.asked)) > 0
    }

    private func meetAgain(
        _ entry: AudienceEntry, _ number: Int64?, _ row: LedgerHeader
    ) throws(SQLiteFailure) -> Bool {
        guard row.asked > 0, let number else { return false }
        return try run(
            """
            UPDATE recipients SET seen = ?3, row = ?4, address = ?5
            WHERE broadcast = ?1 AND number = ?2 AND seen < ?3 AND state = 0
            """, .int(row.id.rawValue), .int(number), .int(row.asked), .blob(entry.row.bytes), .text(entry.address)) > 0
    }
}
