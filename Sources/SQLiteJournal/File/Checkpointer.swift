import GRDB
import GRDBSQLite
import Moonwire
import Synchronization

/// Moves committed pages from the log into the file without holding up the writer.
///
/// SQLite by itself does that in whichever commit fills the log, and that one is late. Here a second connection copies
/// a little at a time while the writer goes on. Only when the log is long does the writer itself copy what has come
/// since, which lets its next transaction begin the log anew.
final class Checkpointer: Sendable {
    /// How many pages the second connection copies at once: few enough not to keep the disk or a processor from the
    /// writer.
    static let share = 1000
    /// How many pages the log holds before it is begun anew.
    static let length = 16_000

    private struct State {
        /// Up to which page the log has been copied.
        var copied = 0
        var isRunning = false
    }

    private let writer: DatabaseQueue
    private let side: DatabaseQueue
    /// Set where the bytes must reach the disk.
    private let synced: JournalFile?
    private let state = Mutex(State())

    init(writer: DatabaseQueue, side: DatabaseQueue, synced: JournalFile?) {
        self.writer = writer
        self.side = side
        self.synced = synced
        // The hook fires in commits only, and whoever commits holds this object.
        writer.inDatabase { db in
            _ = sqlite3_wal_hook(
                db.sqliteConnection,
                { checkpointer, _, _, pages in
                    if let checkpointer {
                        Unmanaged<Checkpointer>.fromOpaque(checkpointer).takeUnretainedValue().logGrew(to: Int(pages))
                    }
                    return SQLITE_OK
                }, Unmanaged.passUnretained(self).toOpaque())
        }
    }

    private func logGrew(to pages: Int) {
        let mustCopy = state.withLock { state in
            if pages < state.copied { state.copied = 0 }
            guard !state.isRunning, pages - state.copied >= Self.share else { return false }
            state.isRunning = true
            return true
        }
        // A checkpoint that fails is made up for by the next one: the log holds everything meanwhile.
        if mustCopy {
            side.asyncWriteWithoutTransaction { [self] db in
                let log = try? db.checkpoint(.passive)
                if let log, log.walFrameCount >= Self.length {
                    // The bulk goes to the disk here, so that little is left for the writer to wait for.
                    synced?.sync()
                    writer.asyncWriteWithoutTransaction { [self] db in
                        _ = try? db.checkpoint(.passive)
                        state.withLock { $0 = State() }
                    }
                } else {
                    state.withLock { $0 = State(copied: max(log?.checkpointedFrameCount ?? 0, 0)) }
                }
            }
        }
    }
}
