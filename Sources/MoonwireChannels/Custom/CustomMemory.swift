import CustomChannelAPI
import EventJSON
import Moonwire

/// What a custom channel remembers in the journal's store, for seven days: messages of the platform, ids of providers,
/// receipts that are to go out, contacts that the platform has been told of.
struct CustomMemory: Sendable {
    static let lifetime = Duration.seconds(7 * 86_400)

    private let scope: String
    private let keep: @Sendable ([HostEffect.StoreOperation]) async throws -> [RawJSON]

    init(_ channel: ChannelID, _ keep: @escaping @Sendable ([HostEffect.StoreOperation]) async throws -> [RawJSON]) {
        scope = "channel:\(channel)"
        self.keep = keep
    }

    func read(_ key: Key) async throws -> JSON? {
        let values = try await keep([operation(key, .get)])
        guard let value = values.first, let tree = try? JSON(parsing: value.bytes), !tree.isNull else { return nil }
        return tree
    }

    /// Writes all or nothing; `nil` forgets.
    func write(_ rows: [(key: Key, value: JSON?)]) async throws {
        _ = try await keep(
            rows.map { row in
                operation(
                    row.key,
                    .set(row.value.map { RawJSON(validated: $0.bytes) }, ttl: row.value == nil ? nil : Self.lifetime))
            })
    }

    /// Messages with receipts that are still to go out.
    ///
    /// - Parameter page: How many are read at once.
    func messagesWithReceipts(page: Int = 10_000) async throws -> [String] {
        let prefix = Key.receipts(of: "").text
        var all: [String] = []
        var last: String?
        repeat {
            let operation = HostEffect.StoreOperation(
                scope: scope, key: prefix, command: .keys(limit: page, after: last))
            let values = try await keep([operation])
            let keys = (values.first.flatMap { try? JSON(parsing: $0.bytes) }?.elements ?? []).compactMap(\.string)
            all += keys.map { String($0.dropFirst(prefix.count)) }
            last = keys.count < page ? nil : keys.last
        } while last != nil
        return all
    }

    private func operation(
        _ key: Key, _ command: HostEffect.StoreOperation.Command
    ) -> HostEffect.StoreOperation {
        HostEffect.StoreOperation(scope: scope, key: key.text, command: command)
    }

    struct Key: Hashable, Sendable {
        let text: String

        /// A message of the platform: its contact and the receipts that were taken for it.
        static func message(_ mID: String) -> Key { Key(text: "message:\(mID)") }
        /// Its receipts that are still to go out.
        static func receipts(of mID: String) -> Key { Key(text: "receipts:\(mID)") }
        /// The message of the platform that a provider's id stands for.
        static func bound(_ providerID: String) -> Key { Key(text: "out:" + short(providerID)) }
        /// What a provider's id was received as.
        static func received(_ providerID: String) -> Key { Key(text: "in:" + short(providerID)) }
        /// What was told under an id of the script's own.
        static func told(_ mID: String) -> Key { Key(text: "mid:" + short(mID)) }
        /// What the platform has been told of a contact.
        static func contact(_ id: String) -> Key { Key(text: "contact:\(id)") }
        /// The latest question with numbered replies.
        static func choices(of contact: String) -> Key { Key(text: "choices:\(contact)") }
        /// What an answer meant when it was first told.
        static func chosen(by delivery: String) -> Key { Key(text: "chosen:" + short(delivery)) }

        private static func short(_ id: String) -> String {
            id.utf8.count <= 200 ? id : "#" + CustomChannelMapping(id).contactID
        }
    }
}
