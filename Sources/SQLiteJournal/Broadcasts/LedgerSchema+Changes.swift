import GRDB

/// What the ledger keeps of changes of state until they have been told, and of reasons to skip.
extension LedgerSchema {
    static func addChanges(_ db: Database) throws {
        for statement in changes { try db.execute(sql: statement) }
    }

    private static let figures = """
        pending, claimed, sent, skipped, failed, unknown, skipped_opted_out, skipped_capped, skipped_cancelled, rejected,
        duplicates, opt_outs
        """

    private static let newFigures = figures.split(separator: ",").map {
        "NEW." + $0.trimmingPrefix { $0.isWhitespace }
    }.joined(separator: ", ")

    private static let changes = [
        "ALTER TABLE broadcasts ADD COLUMN skipped_opted_out INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE broadcasts ADD COLUMN skipped_capped INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE broadcasts ADD COLUMN skipped_cancelled INTEGER NOT NULL DEFAULT 0",
        """
        UPDATE broadcasts SET
            skipped_opted_out = (SELECT count(*) FROM recipients WHERE broadcast = broadcasts.id AND state = 3
                AND reason = 'opted out'),
            skipped_capped = (SELECT count(*) FROM recipients WHERE broadcast = broadcasts.id AND state = 3
                AND reason = 'frequency cap'),
            skipped_cancelled = (SELECT count(*) FROM recipients WHERE broadcast = broadcasts.id AND state = 3
                AND reason = 'cancelled')
        """,
        // A number is never given twice, because the journal knows an event by it.
        """
        CREATE TABLE broadcast_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, broadcast INTEGER NOT NULL, kind TEXT NOT NULL, state INTEGER NOT NULL,
            reason TEXT, \(figures.split(separator: ",").map { "\($0) INTEGER NOT NULL" }.joined(separator: ",")))
        """,
        // Written down by the file itself, so that no change of state can be made without it.
        """
        CREATE TRIGGER broadcast_begins AFTER INSERT ON broadcasts WHEN NEW.state = 1 BEGIN
            INSERT INTO broadcast_changes (broadcast, kind, state, reason, \(figures))
            VALUES (NEW.id, 'started', NEW.state, NEW.reason, \(newFigures));
        END
        """,
        // From "finishing" back to "running" nothing changes for anybody outside.
        """
        CREATE TRIGGER broadcast_goes_on AFTER UPDATE OF state ON broadcasts
        WHEN NEW.state <> OLD.state AND (NEW.state IN (2, 4, 5) OR NEW.state = 1 AND OLD.state <> 3) BEGIN
            INSERT INTO broadcast_changes (broadcast, kind, state, reason, \(figures))
            VALUES (
                NEW.id,
                CASE NEW.state WHEN 2 THEN 'paused' WHEN 4 THEN 'finished' WHEN 5 THEN 'cancelled'
                    ELSE CASE WHEN OLD.started IS NULL THEN 'started' ELSE 'resumed' END END,
                NEW.state, NEW.reason, \(newFigures));
        END
        """,
    ]
}
