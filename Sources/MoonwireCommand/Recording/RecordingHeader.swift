import EventJSON
import Foundation
import Moonwire
import MoonwireConfiguration

/// The first line of a recording: what was recorded, and how.
struct RecordingHeader {
    /// Grows when older readers would misunderstand a recording.
    static let version: Int64 = 1

    var channel: String
    var platform: String
    var role: String
    /// The account of an operator's seat, which is part of the paths.
    var account: Int?
    /// What the configuration calls each address, and the path of it.
    var addresses: [(key: String, path: String)]
    var keepsPersonal: Bool
    var startedAt: Date

    init(_ section: ChannelSection, keepsPersonal: Bool, startedAt: Date) {
        channel = section.name
        platform = section.platform.rawValue
        role = section.role.rawValue
        if case .operator(let seat) = section.seat { account = seat.account }
        addresses = section.addresses.map { address in
            let parts = address.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            return (address.key, parts.dropFirst(3).first.map { "/" + $0 } ?? "")
        }
        self.keepsPersonal = keepsPersonal
        self.startedAt = startedAt
    }

    var json: JSON {
        var paths = JSONObject()
        for address in addresses { paths.append(address.key, .string(address.path)) }
        var header: JSONObject = [
            "moonwire_recording": .int(Self.version), "channel": .string(channel), "platform": .string(platform),
            "role": .string(role),
        ]
        if let account { header.append("account", .int(Int64(account))) }
        header.append("addresses", .object(paths))
        header.append("personal", .bool(keepsPersonal))
        header.append("started_at", .string(ISO8601DateFormatter().string(from: startedAt)))
        return .object(header)
    }
}

extension ChannelSection {
    /// The addresses by their keys in the configuration.
    fileprivate var addresses: [(key: String, url: String)] {
        switch seat {
        case .client, .operator: [("origin", origin)]
        case .twin(let seat):
            [("iam", seat.iam), ("chat", seat.chat), ("realtime", seat.realtime), ("notify", seat.notify)]
        case .custom(let seat): [("webhook_url", seat.webhookURL.revealed)]
        }
    }

    /// Every value that the configuration keeps secret.
    var secretValues: [String] {
        switch seat {
        case .client(let seat): [seat.inbox, seat.sourceID, seat.hmacToken].compactMap { $0?.revealed }
        case .operator(let seat): [seat.token.revealed]
        case .twin(let seat): [seat.password.revealed]
        case .custom(let seat): seat.tokens.map(\.revealed)
        }
    }

    /// The names by which the configuration calls a person. Mail addresses and numbers are known by their form.
    var personalNames: [String] {
        switch seat {
        case .client(let seat): [seat.name, seat.identifier].compactMap { $0 }
        case .operator, .twin, .custom: []
        }
    }
}
