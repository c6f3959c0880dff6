import Synchronization

/// The recorded answers, each list in its order, its last one for ever.
final class ReplayAnswers: Sendable {
    private struct List {
        let method: String
        let segments: [String]
        var answers: [Answer]
        var next = 0
    }

    private let lists: Mutex<[List]>

    init(_ exchanges: [RecordedTraffic.Exchange]) {
        var lists: [List] = []
        for exchange in exchanges {
            let known = lists.firstIndex { $0.method == exchange.method && $0.segments == exchange.segments }
            if let known {
                lists[known].answers.append(exchange.answer)
            } else {
                lists.append(
                    List(method: exchange.method, segments: exchange.segments, answers: [exchange.answer]))
            }
        }
        self.lists = Mutex(lists)
    }

    /// The next answer to a request.
    func answer(method: String, path: String) -> Answer {
        let segments = path.split(separator: "/").map(String.init)
        return lists.withLock { lists in
            let exact = lists.firstIndex { $0.method == method && $0.segments == segments }
            guard
                let index = exact
                    ?? lists.firstIndex(where: { $0.method == method && Self.fits($0.segments, segments) })
            else { return Self.unknown(method, path) }
            let answer = lists[index].answers[lists[index].next]
            lists[index].next = min(lists[index].next + 1, lists[index].answers.count - 1)
            return answer
        }
    }

    /// A secret's stand-in is fitted by whatever is configured in its place.
    private static func fits(_ recorded: [String], _ asked: [String]) -> Bool {
        recorded.count == asked.count
            && zip(recorded, asked).allSatisfy { $0 == $1 || $0.hasPrefix("redacted-") }
    }

    private static func unknown(_ method: String, _ path: String) -> Answer {
        .json(
            [
                "status": .int(404), "error": "not recorded",
                "message": .string("The recording holds no answer to \(method) \(path)."),
            ], status: 404)
    }
}
