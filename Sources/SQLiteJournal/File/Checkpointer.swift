import GRDB
import GRDBSQLite
import Moonwire
import Synchronization

/// Moves committed pages from the log into the file without holding up the writer.
///
/// SQLite by itself does that in whichever commit fills the log, and that one is late. Here a second connection copies
/// while the writer goes on, and waits for the disk; the writer then only copies the few pages that came meanwhile,
/// after which its next transaction begins the log anew.
final class Checkpointer: Sendable {
    /// How large the log grows before it is copied, in pages.
    static let threshold = 4000

    private let writer: DatabaseQueue
    private let side: DatabaseQueue
    private let file: JournalFile
    private let isRunning = Mutex(false)

    init(writer: DatabaseQueue, side: DatabaseQueue, file: JournalFile) {
        self.writer = writer
        self.side = side
        self.file = file
        // The hook fires in commits only, and whoever commits holds this object.
        writer.inDatabase { db in
            _ = sqlite3_wal_hook(
                db.sqliteConnection,
                { checkpointer, _, _, pages in
                    if pages >= Checkpointer.threshold, let checkpointer {
                        Unmanaged<Checkpointer>.fromOpaque(checkpointer).takeUnretainedValue().start()
                    }
                    return SQLITE_OK
                }, Unmanaged.passUnretained(self).toOpaque())
        }
    }

    private func start() {
        let isFirst = isRunning.withLock { isRunning in
            defer { isRunning = true }
            return !isRunning
        }
        guard isFirst else { return }
        // A checkpoint that fails is made up for by the next one: the log holds everything meanwhile.
        side.asyncWriteWithoutTransaction { [self] db in
            _ = try? db.checkpoint(.passive)
            file.sync()
            writer.asyncWriteWithoutTransaction { [self] db in
                _ = try? db.checkpoint(.passive)
                isRunning.withLock { $0 = false }
            }
        }
    }
}
