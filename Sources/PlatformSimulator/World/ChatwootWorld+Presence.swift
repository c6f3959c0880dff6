import Foundation

/// Who is online, and the availability that operators choose.
extension ChatwootWorld {
    private static let userWindow: TimeInterval = 20
    private static let contactWindow: TimeInterval = 90

    /// Counts the subscriber as present and answers, on its own token only, with who else is.
    func updatePresence(token: String, account: Int?, user: Int?) {
        if let user, let account, let found = users[user], found.pubsubToken == token {
            found.memberships[account]?.presentUntil = now.addingTimeInterval(Self.userWindow)
            var data = presence(in: account)
            let present = contacts.values.filter { $0.accountID == account && $0.presentUntil >= now }
            data.add("contacts", .object(JSONObject(present.map { (String($0.id), "online") })))
            publishPresence(data, to: .user(token))
        } else if user == nil, let session = contactInboxIDsByToken[token].flatMap({ contactInboxes[$0] }),
            let contact = contacts[session.contactID]
        {
            contact.presentUntil = now.addingTimeInterval(Self.contactWindow)
            publishPresence(presence(in: contact.accountID), to: .contact(token))
        }
    }

    func showProfile(_ id: Int) throws -> JSONValue {
        guard let user = users[id] else { throw WorldError.notFound }
        return profileView(user)
    }

    func setAvailability(_ id: Int, _ parameters: JSONObject) throws -> JSONValue {
        guard let profile = parameters["profile"]?.object else { throw WorldError.missingParameter("profile") }
        guard let user = users[id], let account = profile["account_id"]?.castInt, user.memberships[account] != nil
        else {
            throw WorldError.notFound
        }
        if let availability = profile["availability"]?.castString {
            guard ["online", "offline", "busy"].contains(availability) else { throw WorldError.crash }
            user.memberships[account]?.availability = availability
        }
        if let autoOffline = profile["auto_offline"]?.castBool { user.memberships[account]?.autoOffline = autoOffline }
        return profileView(user)
    }

    func resetAccessToken(_ id: Int) throws -> JSONValue {
        guard let user = users[id] else { throw WorldError.notFound }
        user.accessToken = makeToken()
        return profileView(user)
    }

    /// Gives a user a new stream token, as a change of password does.
    func rotatePubsubToken(_ id: Int) throws -> String {
        guard let user = users[id] else { throw WorldError.notFound }
        user.pubsubToken = makeToken()
        return user.pubsubToken
    }

    private func presence(in account: Int) -> JSONObject {
        let present = users.values.filter { $0.memberships[account] != nil }
            .map { (String($0.id), $0.availability(in: account, at: now)) }.filter { $0.1 != "offline" }
        return [
            "account_id": .int(account), "users": .object(JSONObject(present.map { ($0.0, .string($0.1)) })),
        ]
    }

    private func publishPresence(_ data: JSONObject, to stream: EventStream) {
        publisher.publish(PlatformEvent(name: "presence.update", data: .object(data), audience: [stream]))
    }
}

extension JSONObject {
    init(_ pairs: some Sequence<(String, JSONValue)>) {
        members = pairs.map { Member(key: $0.0, value: $0.1) }
    }
}
