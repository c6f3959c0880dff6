import Moonwire

// Who does not want to be written to. The last word counts: an opt-out of all takes back what a client opted in to
// before, and whoever opts in to one topic after that is reached about this topic alone.
extension LedgerWriter {
    static let everyTopic = "*"

    /// A client is reached only if none of its addresses stands against it.
    func isOptedOut(_ addresses: [String], _ topic: String) throws(SQLiteFailure) -> Bool {
        for address in addresses {
            if try number(ConsentQuery.optOut, .text(address), .text(topic)) != nil { return true }
        }
        return false
    }

    func optOut(_ named: [String], _ topic: String, at now: Instant) throws(SQLiteFailure) -> Answer {
        guard !named.isEmpty else { return Self.refusal("nothing is known by which the client could opt out") }
        let addresses = try withClients(named)
        var isNew = false
        for address in addresses {
            let added = try run(
                "INSERT INTO opt_outs (address, topic, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                .text(address), .text(topic), .int(now.rawValue))
            let takenBack = try run(
                "DELETE FROM opt_ins WHERE address = ?1 AND (topic = ?2 OR ?2 = '*')", .text(address), .text(topic))
            isNew = isNew || added + takenBack > 0
        }
        if isNew { try blame(addresses, topic) }
        return .success(Self.bool(isNew))
    }

    func optIn(_ named: [String], _ topic: String, at now: Instant) throws(SQLiteFailure) -> Answer {
        var changed: Int64 = 0
        for address in try withSessions(withClients(named)) {
            changed += try run(
                "DELETE FROM opt_outs WHERE address = ?1 AND (topic = ?2 OR ?2 = '*')", .text(address), .text(topic))
            if topic == Self.everyTopic {
                changed += try run("DELETE FROM opt_ins WHERE address = ?1", .text(address))
            } else {
                changed += try run(
                    """
                    INSERT INTO opt_ins (address, topic, at) SELECT address, ?2, ?3 FROM opt_outs
                    WHERE address = ?1 AND topic = '*' ON CONFLICT DO NOTHING
                    """, .text(address), .text(topic), .int(now.rawValue))
            }
        }
        return .success(Self.bool(changed > 0))
    }

    /// Counts an opt-out against the broadcast that wrote last.
    private func blame(_ addresses: [String], _ topic: String) throws(SQLiteFailure) {
        var newest: (at: Int64, broadcast: Int64)?
        for address in addresses {
            let statement = try statement(
                """
                SELECT at, broadcast FROM topic_messages WHERE topic IN (SELECT DISTINCT topic FROM broadcasts)
                AND (?2 = '*' OR topic = ?2) AND address = ?1 ORDER BY at DESC LIMIT 1
                """, [.text(address), .text(topic)])
            guard try statement.next() else { continue }
            let found = (statement.int(0), statement.int(1))
            statement.reset()
            if newest.map({ $0.at < found.0 }) ?? true { newest = found }
        }
        guard let newest else { return }
        try run("UPDATE broadcasts SET opt_outs = opt_outs + 1 WHERE id = ?1", .int(newest.broadcast))
    }
}

// Whose sessions they are: a choice belongs to the client, however an audience names it.
extension LedgerWriter {
    private static let day: Int64 = 86_400_000

    func know(_ session: SessionID, of addresses: [String], at now: Instant) throws(SQLiteFailure) -> Answer {
        let session = "\(session.channel)/session:\(session.id)"
        for address in addresses where address != session {
            let isNew =
                try run(
                    "INSERT INTO session_clients (session, address, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    .text(session), .text(address), .int(now.rawValue)) > 0
            guard isNew else {
                try run(
                    "UPDATE session_clients SET at = ?3 WHERE session = ?1 AND address = ?2 AND at < ?4",
                    .text(session), .text(address), .int(now.rawValue), .int(now.rawValue - Self.day))
                continue
            }
            // What the session said before it was known whose it is.
            for table in ["opt_outs", "opt_ins"] {
                try run(
                    """
                    INSERT INTO \(table) (address, topic, at) SELECT ?2, topic, at FROM \(table) WHERE address = ?1
                    ON CONFLICT DO NOTHING
                    """, .text(session), .text(address))
            }
        }
        return .success(.null)
    }

    /// The addresses, and those of the clients whose sessions are among them.
    func withClients(_ addresses: [String]) throws(SQLiteFailure) -> [String] {
        try adding(addresses, ConsentQuery.clientAddresses)
    }

    /// The addresses, and all sessions that are known of them.
    private func withSessions(_ addresses: [String]) throws(SQLiteFailure) -> [String] {
        try adding(addresses, ConsentQuery.sessions)
    }

    private func adding(_ addresses: [String], _ sql: String) throws(SQLiteFailure) -> [String] {
        var all = addresses
        for address in addresses {
            let statement = try statement(sql, [.text(address)])
            while try statement.next() {
                let other = statement.text(0)
                if !all.contains(other) { all.append(other) }
            }
        }
        return all
    }
}
