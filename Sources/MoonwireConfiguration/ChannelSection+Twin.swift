import Foundation
import Moonwire
import Yams

extension ChannelSection {
    /// What a channel of TWIN24 may have.
    static let twinKeys: Set = [
        "platform", "role", "iam", "chat", "realtime", "notify", "email", "password", "company", "status", "on_logout",
        "hand_over", "yield_to_human", "closed_statuses", "methods", "poll", "rate", "burst", "in_doubt",
        "request_limit", "ca_file", "verify_tls", "first_start", "claim_from_help", "claim_chats", "max_sessions",
        "typing_hold", "max_blind", "logout_hold", "displaced_retry_after", "drain_timeout", "mark_read",
        "message_size", "notifications",
    ]

    private static let endpoints = ["activate", "pause", "ban", "unban", "take"]
    private enum Method: String, CaseIterable { case patch = "PATCH", put = "PUT", post = "POST" }

    /// Reads an operator's seat on TWIN24; problems go to the reader.
    static func readTwin(
        _ values: [String: Node], _ node: Node, _ name: String, _ role: Role, _ reader: ConfigurationReader
    ) -> ChannelSection? {
        refuse(
            familyKeys.union(customKeys).subtracting(twinKeys).subtracting(["email"]).sorted(), in: values,
            "a channel of twin24", reader)
        guard role == .operator else {
            reader.report(values["role"] ?? node, "a channel of twin24 has the role operator only")
            return nil
        }
        // The vendor's own pages name several addresses for one service, so none is guessed.
        for key in ["iam", "chat", "realtime", "notify", "email", "password"] where values[key] == nil {
            reader.report(node, "channel '\(name)' needs '\(key)'")
        }
        func address(_ key: String) -> String? { values[key].flatMap { self.address($0, key, reader) } }
        let (iam, chat, realtime, notify) = (address("iam"), address("chat"), address("realtime"), address("notify"))
        let email = values["email"].flatMap { reader.string($0, "email") }
        let password = values["password"].flatMap { reader.secret($0, "password") }
        guard let iam, let chat, let realtime, let notify, let email, let password else { return nil }
        var seat = TwinSeat(
            iam: iam, chat: chat, realtime: realtime, notify: notify, email: email, password: password)
        seat.read(values, reader)
        // The platform publishes no limit.
        let policy = delivery(values, reader, from: DeliveryPolicy(rate: 10, burst: 20))
        var section = ChannelSection(
            name: name, platform: .twin24, role: .operator, origin: chat, delivery: policy, seat: .twin(seat))
        section.line = node.mark?.line
        section.poll = .seconds(300)
        section.readInstallation(values, reader)
        seat.methods = methods(values["methods"], reader)
        section.seat = .twin(seat)
        return section
    }

    private static func address(_ node: Node, _ key: String, _ reader: ConfigurationReader) -> String? {
        guard let text = reader.string(node, key) else { return nil }
        guard let url = URLComponents(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host?.isEmpty == false, url.user == nil, url.fragment == nil
        else {
            reader.report(node, "'\(key)' must be an address such as https://\(key).example.com/api/v1")
            return nil
        }
        return text
    }

    private static func methods(_ node: Node?, _ reader: ConfigurationReader) -> [String: String] {
        guard let node else { return [:] }
        var methods: [String: String] = [:]
        for (key, node) in reader.mapping(node, "methods", known: Set(endpoints)) {
            methods[key] = reader.choice(node, key, of: Method.self)?.rawValue
        }
        return methods
    }
}

extension ChannelSection.TwinSeat {
    fileprivate mutating func read(_ values: [String: Node], _ reader: ConfigurationReader) {
        company = values["company"].flatMap { reader.integer($0, "company", in: 1...Int(Int32.max)) }
        status = values["status"].flatMap { reader.choice($0, "status", of: Status.self) } ?? status
        onLogout = values["on_logout"].flatMap { reader.choice($0, "on_logout", of: Logout.self) } ?? onLogout
        handOver = values["hand_over"].flatMap { reader.string($0, "hand_over") }
        yieldsToHumans = values["yield_to_human"].flatMap { reader.boolean($0, "yield_to_human") } ?? yieldsToHumans
        closedStatuses = values["closed_statuses"].map { reader.strings($0, "closed_statuses") } ?? []
        readClaims(values, reader)
        notifications = values["notifications"].flatMap { TwinNotificationSection.read($0, reader) }
        func duration(_ key: String) -> Duration? { values[key].flatMap { reader.duration($0, key) } }
        typingHold = duration("typing_hold") ?? typingHold
        logoutHold = duration("logout_hold") ?? logoutHold
        drainTimeout = duration("drain_timeout") ?? drainTimeout
        marksRead = values["mark_read"].flatMap { reader.boolean($0, "mark_read") } ?? marksRead
        messageSize = values["message_size"].flatMap { reader.integer($0, "message_size", in: 1...256) }.map {
            $0 << 20
        }
        maxBlind = duration("max_blind") ?? maxBlind
        if maxBlind < .seconds(1), let node = values["max_blind"] {
            reader.report(node, "'max_blind' must be 1s at least: a stream that is cut is back within that")
        }
        displacedRetryAfter = duration("displaced_retry_after")
        if let after = displacedRetryAfter, after < .seconds(60), let node = values["displaced_retry_after"] {
            reader.report(node, "'displaced_retry_after' must be 1m at least: two hosts would throw each other out")
        }
    }

    private mutating func readClaims(_ values: [String: Node], _ reader: ConfigurationReader) {
        claimsFromHelp = values["claim_from_help"].flatMap { reader.boolean($0, "claim_from_help") } ?? claimsFromHelp
        claimChats = values["claim_chats"].map { reader.strings($0, "claim_chats") } ?? []
        maxSessions = values["max_sessions"].flatMap { reader.integer($0, "max_sessions", in: 1...10_000) }
        for key in ["claim_chats", "max_sessions"] where !claimsFromHelp {
            if let node = values[key] { reader.report(node, "'\(key)' does nothing without 'claim_from_help: true'") }
        }
    }
}
