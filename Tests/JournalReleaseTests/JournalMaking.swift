import Foundation
import Testing

/// Not a test: see `JournalMaker`.
struct JournalMaking {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MOONWIRE_MAKE_JOURNAL"] != nil))
    func makesTheJournalOfThisRelease() async throws {
        let path = try #require(ProcessInfo.processInfo.environment["MOONWIRE_MAKE_JOURNAL"])
        #expect(!FileManager.default.fileExists(atPath: path), "a release's journal is made once")
        try await JournalMaker(path: path).make()
    }
}
