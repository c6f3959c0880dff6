import Moonwire
import TwinAPI

/// Sends notices through the notification service, and finds them there again.
struct TwinNotifier: Sendable {
    let api: TwinNotificationAPI
    let settings: TwinNotifications
    /// Whose notices they are: two operators of a company may send the same at the same time.
    let sender: String
    private static let clockTolerance = Duration.seconds(-60)

    /// Sends a notice once. Success means that the service took it, and nothing more.
    func send(_ notice: TwinNotice, key: String) async throws -> EffectReceipt {
        var notification = try settings.notification(of: notice)
        if settings.marksGroups { notification.groupID = group(of: notification, key: key) }
        let statuses = try await api.send([notification])
        guard statuses.isEmpty || statuses.contains(where: { $0.error == nil }) else {
            throw ChannelError(
                code: "rejected", message: "the notification service refused it: \(Self.words(statuses))",
                fate: .notPerformed, retryable: false)
        }
        return EffectReceipt(nativeID: statuses.first { $0.error == nil }?.id)
    }

    /// Looks for a notice whose answer was lost.
    ///
    /// That it is not there proves nothing, because nobody publishes how soon the service lists what it took. So a doubt
    /// is never settled by sending again, whatever the delivery policy says.
    func find(_ notice: TwinNotice, key: String, since: Instant) async throws -> Reconciliation {
        guard settings.marksGroups else { return Self.doubt("it carries no group id by which it could be found") }
        let group = group(of: try settings.notification(of: notice), key: key)
        let page = try await api.notifications(ofGroup: group)
        let start = (since + Self.clockTolerance).seconds
        let found = page.items.filter { item in
            // An earlier journal may have counted to the same key, and a service without this filter lists others.
            item.groupID?.lowercased() == group && item.createdAt.map { $0.secondsSince1970 >= start } ?? false
        }
        guard !found.isEmpty else { return Self.doubt("the notification service does not list it") }
        guard let taken = found.first(where: { $0.error == nil }) else {
            return Self.doubt("the notification service lists it with an error: \(Self.words(found))")
        }
        return .performed(EffectReceipt(nativeID: taken.id))
    }

    private static func doubt(_ reason: String) -> Reconciliation {
        .unreachable(ChannelError(code: "unknown", message: reason, fate: .inDoubt, retryable: false))
    }

    private static func words(_ statuses: [TwinNotificationStatus]) -> String {
        var seen: Set<String> = []
        return statuses.compactMap { status in
            status.error.map { error in status.channel.map { "\($0): \(error)" } ?? error }
        }.filter { seen.insert($0).inserted }.joined(separator: "; ")
    }

    /// The same for each attempt at the same notice, in the form of the ids that the platform's own examples have.
    private func group(of notification: TwinNotification, key: String) -> String {
        let who = notification.destinations.first
        let parts =
            [sender, key, who?.phone, who?.email, who?.clientID, who?.externalID, who?.chatSessionID]
            + [notification.channels.first?.text]
        return Self.uuid(Self.hash(parts, salt: 1), Self.hash(parts, salt: 2))
    }

    private static func hash(_ parts: [String?], salt: UInt8) -> UInt64 {
        var hash = StableHash()
        hash.combine(separator: salt)
        for part in parts {
            hash.combine((part ?? "").utf8)
            hash.combine(separator: 0)
        }
        return hash.value
    }

    /// Marked as a name-based id, because some services look at the mark.
    private static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        let digits = [high & ~0xF000 | 0x5000, low & ~(0b11 << 62) | 0b10 << 62].map { half in
            let hex = String(half, radix: 16)
            return String(repeating: "0", count: 16 - hex.count) + hex
        }.joined()
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
