/// What a committed entry survives.
public enum Durability: Sendable, Hashable {
    /// The end of the process, however it comes, `kill -9` included: the system has the bytes, so that the next process
    /// reads them. A loss of power may take the last seconds, never the file's soundness. No commit waits for the disk.
    case process
    /// A loss of power too: each group is on the disk before it counts as committed.
    case power

    /// SQLite's word: in WAL mode, NORMAL syncs around checkpoints only, and FULL with every commit.
    var synchronous: String {
        switch self {
        case .process: "NORMAL"
        case .power: "FULL"
        }
    }
}
