import GRDB
import GRDBSQLite

/// A compiled statement that is bound and stepped by SQLite's own calls.
///
/// GRDB's bindings box every argument, which costs more than the insert itself. Confined, like its connection, to the
/// connection's queue. A caller binds every parameter before each run.
final class PreparedStatement {
    // Owns `handle`, which stays valid for as long as this object holds it.
    private let statement: Statement
    private let handle: OpaquePointer
    private let connection: OpaquePointer?
    private var bindingFailed = false
    /// Holds the small values of one run. Freed with the statement, whose last step is over by then.
    private let scratch = UnsafeMutableRawPointer.allocate(byteCount: scratchSize, alignment: 8)
    private var used = 0

    private static let scratchSize = 4096

    init(_ sql: String, _ db: Database) throws {
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        connection = db.sqliteConnection
    }

    deinit {
        scratch.deallocate()
    }

    func bind(_ index: Int32, _ number: Int64) {
        note(sqlite3_bind_int64(handle, index, number))
    }

    func bind(_ index: Int32, _ number: Int64?) {
        if let number { bind(index, number) } else { bindNull(index) }
    }

    func bindNull(_ index: Int32) {
        note(sqlite3_bind_null(handle, index))
    }

    func bind(_ index: Int32, _ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let (start, owner) = keep(UnsafeRawBufferPointer(bytes))
            note(
                sqlite3_bind_text64(
                    handle, index, start.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), owner,
                    UInt8(SQLITE_UTF8)))
        }
    }

    func bind(_ index: Int32, _ text: String?) {
        if let text { bind(index, text) } else { bindNull(index) }
    }

    func bind(_ index: Int32, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            let (start, owner) = keep(bytes)
            note(sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), owner))
        }
    }

    func bind(_ index: Int32, _ bytes: [UInt8]?) {
        if let bytes { bind(index, bytes) } else { bindNull(index) }
    }

    /// Binds bytes without a copy and runs.
    func run(binding index: Int32, to bytes: [UInt8]) throws(SQLiteFailure) {
        let result: Result<Void, SQLiteFailure> = bytes.withUnsafeBytes { bytes in
            note(
                sqlite3_bind_blob64(
                    handle, index, bytes.baseAddress ?? UnsafeRawPointer(scratch), UInt64(bytes.count), nil))
            do throws(SQLiteFailure) {
                try run()
                sqlite3_bind_null(handle, index)
                return .success(())
            } catch {
                sqlite3_bind_null(handle, index)
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Executes a statement that gives no rows.
    func run() throws(SQLiteFailure) {
        try checkBindings()
        let code = sqlite3_step(handle)
        if code == SQLITE_DONE || code == SQLITE_ROW {
            sqlite3_reset(handle)
            return
        }
        let failure = SQLiteFailure(connection)
        sqlite3_reset(handle)
        throw failure
    }

    /// Goes to the next row. After the last one, or an error, the statement is ready to be bound again; a caller that
    /// stops earlier calls `reset`.
    func next() throws(SQLiteFailure) -> Bool {
        try checkBindings()
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let failure = SQLiteFailure(connection)
            sqlite3_reset(handle)
            throw failure
        }
    }

    func reset() {
        sqlite3_reset(handle)
    }

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func optionalInt(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : int(column)
    }

    func bytes(_ column: Int32) -> [UInt8]? {
        guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    func text(_ column: Int32) -> String {
        bytes(column).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Copies a value to where SQLite may read it until the next binding: small ones to the scratch, which costs less
    /// than a copy of SQLite's own.
    private func keep(_ bytes: UnsafeRawBufferPointer) -> (UnsafeRawPointer, sqlite3_destructor_type?) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return (UnsafeRawPointer(scratch), nil) }
        guard bytes.count <= Self.scratchSize - used else { return (start, Self.copied) }
        let place = scratch + used
        place.copyMemory(from: start, byteCount: bytes.count)
        used += bytes.count
        return (UnsafeRawPointer(place), nil)
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK { bindingFailed = true }
    }

    private func checkBindings() throws(SQLiteFailure) {
        // All values of this run are bound, and those of the next are bound anew.
        used = 0
        guard bindingFailed else { return }
        bindingFailed = false
        throw SQLiteFailure(connection)
    }

    /// Tells SQLite to copy what is bound.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
