import Dispatch
import Synchronization

/// Pages of files that broadcasts have asked for. Each is read on a thread of its own: a mount that hangs holds up
/// neither another broadcast nor the end of the process.
final class FilePages: Sendable {
    struct Reading: Sendable {
        var file: AudienceFile
        var page: AudienceFile.Page
    }

    enum Page {
        case asked
        case came(Result<Reading, BroadcastProblem>)
        /// The ledger has it; the file is open at the next one.
        case taken(AudienceFile)
    }

    private let pages = Mutex<[BroadcastID: Page]>([:])

    subscript(id: BroadcastID) -> Page? { pages.withLock { $0[id] } }

    /// Asks for the next page.
    ///
    /// - Parameters:
    ///   - opening: Opens the file where it is not open yet.
    ///   - arrival: Called once the page has come.
    func ask(
        _ id: BroadcastID, limit: Int, channel: ChannelID,
        opening: @escaping @Sendable () throws(BroadcastProblem) -> AudienceFile,
        arrival: @escaping @Sendable () -> Void
    ) {
        let known = pages.withLock { pages -> AudienceFile? in
            defer { pages[id] = .asked }
            if case .taken(let file)? = pages[id] { return file }
            return nil
        }
        Self.perform { () throws(BroadcastProblem) in
            let file = if let known { known } else { try opening() }
            return try Self.read(file, limit: limit, channel: channel)
        } then: { result in
            // What came for a broadcast that has been forgotten meanwhile is left out.
            self.pages.withLock { if case .asked? = $0[id] { $0[id] = .came(result) } }
            arrival()
        }
    }

    func take(_ id: BroadcastID) {
        pages.withLock { pages in
            if case .came(.success(let reading))? = pages[id] { pages[id] = .taken(reading.file) }
        }
    }

    func forget(_ id: BroadcastID) { pages.withLock { $0[id] = nil } }

    /// A page at once, for somebody who waits for it. Whoever is cancelled waits no longer.
    static func next(
        _ limit: Int, channel: ChannelID, opening: @escaping @Sendable () throws(BroadcastProblem) -> AudienceFile
    ) async throws -> Reading {
        let waiter = Mutex<CheckedContinuation<Reading, any Error>?>(nil)
        let resume: @Sendable (Result<Reading, any Error>) -> Void = { result in
            waiter.withLock { waiter in
                defer { waiter = nil }
                return waiter
            }?.resume(with: result)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                waiter.withLock { $0 = continuation }
                guard !Task.isCancelled else { return resume(.failure(CancellationError())) }
                perform { () throws(BroadcastProblem) in
                    try read(opening(), limit: limit, channel: channel)
                } then: {
                    resume($0.mapError { $0 as any Error })
                }
            }
        } onCancel: {
            resume(.failure(CancellationError()))
        }
    }

    private static func read(
        _ file: AudienceFile, limit: Int, channel: ChannelID
    ) throws(BroadcastProblem) -> Reading {
        var file = file
        let page = try file.next(limit, channel: channel)
        return Reading(file: file, page: page)
    }

    private static func perform(
        _ work: @escaping @Sendable () throws(BroadcastProblem) -> Reading,
        then finish: @escaping @Sendable (Result<Reading, BroadcastProblem>) -> Void
    ) {
        DispatchQueue(label: "moonwire.broadcasts.file").async {
            do throws(BroadcastProblem) {
                finish(.success(try work()))
            } catch {
                finish(.failure(error))
            }
        }
    }
}
