/// How consent is read, by whoever claims and whoever looks ahead.
enum ConsentQuery {
    /// A row where an address (?1) stands against a topic (?2).
    static let optOut = """
        SELECT 1 FROM opt_outs WHERE address = ?1 AND (topic = ?2 OR topic = '*'
        AND NOT EXISTS (SELECT 1 FROM opt_ins WHERE opt_ins.address = ?1 AND opt_ins.topic = ?2))
        """
    /// The addresses of the client whose session (?1) it is.
    static let clientAddresses = "SELECT address FROM session_clients WHERE session = ?1"
    /// The sessions that an address (?1) is known by.
    static let sessions = "SELECT session FROM session_clients WHERE address = ?1"
}
