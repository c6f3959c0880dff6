import EventJSON

@testable import Centrifuge

/// A server with one channel, its stream and its limited memory of it; and the backend's own store, which forgets
/// nothing.
struct FakeServer: Sendable {
    /// What a re-read over the backend's API finds.
    struct Stored: Sendable {
        var number: Int
        var position: CentrifugePosition
    }

    static let channel = "operator:42"
    static let messagesPerFrame = 16

    let historySize: Int
    let isRecoverable: Bool
    private(set) var store: [Stored] = []
    private var epoch = 1
    private var top: UInt64 = 0
    /// Where the stream's memory begins.
    private var oldest = 0

    init(historySize: Int, isRecoverable: Bool = true) {
        self.historySize = historySize
        self.isRecoverable = isRecoverable
    }

    private var history: ArraySlice<Stored> { store[max(oldest, store.count - historySize)...] }

    /// Publishes the next numbers and answers the frames that carry them.
    mutating func publish(_ count: Int) -> [String] {
        var lines: [String] = []
        for _ in 0..<count {
            top += 1
            let position = CentrifugePosition(epoch: "e\(epoch)", offset: top)
            store.append(Stored(number: store.count + 1, position: position))
            lines.append(push(Self.channel, isRecoverable ? top : nil, data: "\(store.count)"))
        }
        return stride(from: 0, to: lines.count, by: Self.messagesPerFrame).map {
            lines[$0..<min($0 + Self.messagesPerFrame, lines.count)].joined(separator: "\n")
        }
    }

    /// The stream begins anew, with nothing in it.
    mutating func reset() {
        epoch += 1
        top = 0
        oldest = store.count
    }

    /// The answer to a connect command.
    func answer(_ command: JSON) -> String {
        let id = command["id"]?.int ?? 0
        return #"{"id":\#(id),"connect":{"ping":25,"subs":{"\#(Self.channel)":\#(subscription(command))}}}"#
    }

    private func subscription(_ command: JSON) -> String {
        guard isRecoverable else { return "{}" }
        let common = #""recoverable":true,"positioned":true,"epoch":"e\#(epoch)""#
        guard let asked = command["connect"]?["subs"]?[Self.channel], asked["recover"]?.bool == true else {
            return "{\(common),\"offset\":\(top)}"
        }
        let since = UInt64(asked["offset"]?.int ?? 0)
        let missed = history.filter { $0.position.offset > since }
        let isSameStream = asked["epoch"]?.string == "e\(epoch)"
        let isWhole = missed.first.map { $0.position.offset == since + 1 } ?? (top == since)
        guard isSameStream, isWhole else { return "{\(common),\"offset\":\(top),\"was_recovering\":true}" }
        let publications = missed.map { #"{"data":\#($0.number),"offset":\#($0.position.offset)}"# }
        return "{\(common),\"offset\":\(since),\"was_recovering\":true,\"recovered\":true,"
            + "\"publications\":[\(publications.joined(separator: ","))]}"
    }
}

/// The layer above a client: handles each number, and reads the store again when the client says that it must.
struct FakeConsumer: Sendable {
    private(set) var handled: [Int] = []
    private(set) var recoveries = 0
    private(set) var rereads = 0
    /// Publications that came although a re-read had already brought them: only where there are no positions.
    private(set) var repeats = 0
    private var wasSubscribed = false

    /// The first place at which what was handled is not the next number; `nil` when all is well.
    var firstFault: Int? { zip(handled, 1...).first { $0 != $1 }?.1 }

    private var last: Int { handled.last ?? 0 }

    mutating func handle(_ events: [CentrifugeEvent], store: [FakeServer.Stored]) {
        for event in events {
            switch event {
            case .publication(_, let publication):
                let number = Int(String(decoding: publication.data, as: UTF8.self)) ?? -1
                if publication.offset == nil, number <= last { repeats += 1 } else { handled.append(number) }
            case .subscribed(_, let how):
                if how.isStateLost { rereads += 1 }
                if how.recovered { recoveries += 1 }
                // The first time everything is read that was there before.
                if how.isStateLost || !wasSubscribed { reread(store, upTo: how.position) }
                wasSubscribed = true
            default: break
            }
        }
    }

    /// Without a position everything is read; else what the stream goes on from.
    private mutating func reread(_ store: [FakeServer.Stored], upTo position: CentrifugePosition?) {
        let from = last
        for entry in store where entry.number > from {
            if let position {
                let isOlderStream = entry.position.epoch != position.epoch
                guard isOlderStream || entry.position.offset <= position.offset else { return }
            }
            handled.append(entry.number)
        }
    }
}

/// A generator whose run can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
