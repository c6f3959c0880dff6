import GRDB
import GRDBSQLite
import Moonwire

/// What SQLite refused, before it is known which file it was.
struct SQLiteFailure: Error {
    /// An extended result code.
    let code: Int32
    let message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    init(_ connection: OpaquePointer?) {
        code = sqlite3_extended_errcode(connection)
        message = sqlite3_errmsg(connection).map { String(cString: $0) } ?? ""
    }

    init(_ error: any Error) {
        switch error {
        case let failure as SQLiteFailure: self = failure
        case let error as DatabaseError:
            self.init(code: error.extendedResultCode.rawValue, message: error.message ?? "")
        default: self.init(code: SQLITE_ERROR, message: String(describing: error))
        }
    }

    private var primary: Int32 { code & 0xFF }

    /// Whether no later attempt can help, because the entry itself is what SQLite cannot take.
    var isPermanent: Bool {
        switch primary {
        case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE: true
        default: false
        }
    }

    func journalError(_ path: String) -> JournalError {
        switch primary {
        case SQLITE_FULL:
            JournalError(
                .full, "The journal \(path) cannot grow: the disk is full. Make room; nothing is lost meanwhile.")
        case SQLITE_NOTADB:
            JournalError(.corrupt, "The file \(path) is no journal and no SQLite database. Name another file.")
        case SQLITE_CORRUPT:
            JournalError(
                .corrupt,
                "The journal \(path) is damaged (\(message)). Keep a copy, then restore it from a backup or start with "
                    + "a new file.")
        case SQLITE_BUSY, SQLITE_LOCKED:
            JournalError(.locked, "The journal \(path) is locked by another program. Close that program.")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH:
            JournalError(
                .unreadable,
                "The journal \(path) cannot be written (\(message)). Let this user write to the file and its folder.")
        case SQLITE_IOERR:
            JournalError(
                .unreadable, "The disk below the journal \(path) failed (\(message), code \(code)). Check the disk.")
        default:
            JournalError(.other, "The journal \(path) refused: \(message) (code \(code)).")
        }
    }
}

extension JournalError {
    /// Any error of a read or a write, as one about this file.
    init(_ error: any Error, path: String) {
        if let error = error as? JournalError {
            self = error
        } else {
            self = SQLiteFailure(error).journalError(path)
        }
    }
}
