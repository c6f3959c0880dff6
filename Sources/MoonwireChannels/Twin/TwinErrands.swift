import Logging
import Moonwire
import Synchronization
import TwinAPI

/// What the seat does by itself, beside its events: sessions in help to take, messages to mark as read.
final class TwinErrands: Sendable {
    /// How many may wait; more would come too late anyway.
    private static let most = 1000
    let claims: AsyncStream<String>
    let readMarks: AsyncStream<String>
    private let offerClaim: AsyncStream<String>.Continuation
    private let offerReadMark: AsyncStream<String>.Continuation
    private let claiming = Mutex<Set<String>>([])
    /// Messages that were marked lately: one may come through a list and through the stream.
    private let marked = Mutex<(recent: Set<String>, older: Set<String>)>(([], []))

    init() {
        (claims, offerClaim) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.most))
        (readMarks, offerReadMark) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.most))
    }

    func claim(_ session: String) { offerClaim.yield(session) }

    func markRead(_ message: String) {
        let isNew = marked.withLock { marked in
            guard !marked.older.contains(message), marked.recent.insert(message).inserted else { return false }
            if marked.recent.count >= Self.most { marked = ([], marked.recent) }
            return true
        }
        if isNew { offerReadMark.yield(message) }
    }

    /// Counts a claim in; `false` when there are as many as there may be, or this one is under way.
    func begin(_ session: String, atMost limit: Int) -> Bool {
        claiming.withLock { $0.count < limit && $0.insert(session).inserted }
    }

    func end(_ session: String) { claiming.withLock { _ = $0.remove(session) } }
}

extension TwinSeat {
    /// Runs the errands until cancelled.
    func runErrands() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await withDiscardingTaskGroup { claims in
                    for await id in self.errands.claims { claims.addTask { await self.claim(id) } }
                }
            }
            group.addTask {
                for await message in self.errands.readMarks where self.state.refusal == nil {
                    // That it was read is a courtesy: nothing depends on it.
                    try? await self.api.markRead(message)
                }
            }
        }
    }

    /// A session that nobody has, which the settings may want.
    func consider(_ view: TwinSession) {
        guard let claims = settings.claims, state.status == .online else { return }
        guard claims.chats.isEmpty || view.chatID.map(claims.chats.contains) ?? false else { return }
        errands.claim(view.id)
    }

    private func claim(_ id: String) async {
        guard let claims = settings.claims else { return }
        let wait = claims.longestWait * Double.random(in: 0...1)
        guard (try? await Task.sleep(for: wait)) != nil else { return }
        let limit = claims.maxSessions.map { $0 - sessions.own.count } ?? .max
        guard sessions[id]?.state == .help, state.status == .online, state.refusal == nil,
            errands.begin(id, atMost: limit)
        else { return }
        defer { errands.end(id) }
        do {
            let isTaken = try await take(id).value == .true
            logger.info("A session in help", metadata: ["session": "\(id)", "taken": "\(isTaken)"])
        } catch {
            logger.notice("A session in help could not be taken", metadata: ["session": "\(id)", "error": "\(error)"])
        }
    }
}
