/// Finds the subscription of a data frame by the bytes it begins with, without parsing the frame.
///
/// Rails writes `{"identifier":"…","message":…`, and always the same bytes for the same identifier. A beginning that
/// has once been parsed and found to belong to a live subscription is remembered; everything else takes the slow way.
struct CableRouter {
    private static let opening = Array(#"{"identifier":""#.utf8)
    private static let closing = Array(#"","message":"#.utf8)

    private var routes: [[UInt8]: SubscriptionID] = [:]
    private var recent: (beginning: [UInt8], id: SubscriptionID)?
    private let capacity = 100_000

    /// The subscription that the frame is for, if its beginning is known.
    mutating func route(_ frame: [UInt8]) -> SubscriptionID? {
        // Most sockets carry one busy subscription.
        if let recent, frame.begins(with: recent.beginning) { return recent.id }
        if routes.isEmpty { return nil }
        guard let beginning = Self.beginning(of: frame), let id = routes[beginning] else { return nil }
        recent = (beginning, id)
        return id
    }

    /// Remembers that frames which begin like this one are for `id`.
    mutating func learn(_ frame: [UInt8], _ id: SubscriptionID) {
        guard routes.count < capacity, let beginning = Self.beginning(of: frame) else { return }
        routes[beginning] = id
    }

    /// Forgets all routes: a subscription came, went, or is no longer live.
    mutating func forget() {
        routes.removeAll(keepingCapacity: true)
        recent = nil
    }

    /// The bytes up to the message, when the frame has the form that Rails gives it.
    private static func beginning(of frame: [UInt8]) -> [UInt8]? {
        guard frame.begins(with: opening) else { return nil }
        var index = opening.count
        while index < frame.count, frame[index] != UInt8(ascii: "\"") {
            index += frame[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = index + closing.count
        guard end <= frame.count, frame[index..<end].elementsEqual(closing) else { return nil }
        return Array(frame[..<end])
    }
}

extension [UInt8] {
    fileprivate func begins(with other: [UInt8]) -> Bool {
        guard count >= other.count else { return false }
        return withUnsafeBytes { own in
            other.withUnsafeBytes { other in
                var index = 0
                while index + 8 <= other.count {
                    let left = own.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if left != other.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
                    index += 8
                }
                while index < other.count {
                    if own[index] != other[index] { return false }
                    index += 1
                }
                return true
            }
        }
    }
}
