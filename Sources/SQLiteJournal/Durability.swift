/// What a committed entry survives.
public enum Durability: Sendable, Hashable {
    /// The end of the process, however it comes, `kill -9` included: the system has the bytes, so that the next process
    /// reads them. Nothing ever waits for the disk, and the system writes in the order that it likes: a loss of power
    /// or a crash of the system may take the last half minute, and may leave a file that cannot be read any more.
    case process
    /// A loss of power too: each group is on the disk before it counts as committed, and the file stays sound.
    case power

    /// SQLite's word. NORMAL in place of OFF would keep the file sound at a loss of power, but makes commits wait for the
    /// disk around each checkpoint: at 2,000 events a second one in a hundred took twice to four times as long.
    var synchronous: String {
        switch self {
        case .process: "OFF"
        case .power: "FULL"
        }
    }
}
