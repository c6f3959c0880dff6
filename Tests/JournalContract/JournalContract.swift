public import Moonwire
import Testing

/// What every journal promises, as checks that a test suite runs against its own.
///
/// Knows the protocol only. A suite passes a factory and calls each check by name, or all of them in a parameterised test.
public struct JournalContract: Sendable, CustomStringConvertible {
    public typealias Factory = @Sendable () async throws -> any Journal

    public let name: String
    private let check: @Sendable (any Journal) async throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (any Journal) async throws -> Void) {
        self.name = name
        self.check = check
    }

    /// Makes a journal, checks the promise and closes it.
    public func verify(_ makeJournal: Factory) async throws {
        let journal = try await makeJournal()
        do {
            try await check(journal)
        } catch {
            await journal.close()
            throw error
        }
        await journal.close()
    }

    public var description: String { name }

    /// All promises.
    public static let all: [JournalContract] =
        admissionChecks + runChecks + waitChecks + versionChecks + storeChecks + allowanceChecks + retentionChecks
        + jobChecks + consentChecks
}
