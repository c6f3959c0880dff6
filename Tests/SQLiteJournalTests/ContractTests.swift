import JournalContract
import Moonwire
import SQLiteJournal
import Testing

@Suite struct ContractTests {
    @Test(arguments: JournalContract.all) func sqliteKeepsIt(_ promise: JournalContract) async throws {
        let files = try TemporaryJournal()
        try await promise.verify { try files.open() }
    }

    @Test(arguments: JournalContract.all) func sqliteKeepsItAtFullDurability(_ promise: JournalContract) async throws {
        let files = try TemporaryJournal()
        try await promise.verify { try files.open(.power) }
    }

    @Test(arguments: JournalContract.all) func memoryKeepsIt(_ promise: JournalContract) async throws {
        try await promise.verify { MemoryJournal() }
    }
}
