internal import CurlHTTP
public import EventJSON

/// What a contact tells about itself.
public struct ChatwootContactDetails: Hashable, Sendable {
    public var name: String?
    public var email: String?
    /// In E.164 form, with its plus sign.
    public var phoneNumber: String?
    public var avatarURL: String?
    public var customAttributes: JSONObject?

    public init(
        name: String? = nil, email: String? = nil, phoneNumber: String? = nil, avatarURL: String? = nil,
        customAttributes: JSONObject? = nil
    ) {
        self.name = name
        self.email = email
        self.phoneNumber = phoneNumber
        self.avatarURL = avatarURL
        self.customAttributes = customAttributes
    }

    func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("email", email)
        writer.member("phone_number", phoneNumber)
        writer.member("avatar_url", avatarURL)
        writer.member("custom_attributes", customAttributes)
    }
}

extension ChatwootClientAPI {
    /// Makes a session, or returns the one that has this source id, unchanged.
    ///
    /// Without a source id the server makes one; better is `installation.newSourceID()`, kept before the call. With an
    /// identity the hash is checked; the session is not *verified* by it: see `verifiedContact`.
    public func createContact(
        sourceID: ChatwootSecret? = nil, details: ChatwootContactDetails = .init(), identifier: String? = nil,
        identity: ChatwootIdentity? = nil
    ) async throws -> ChatwootContactSession {
        let body = HTTPBody.object { writer in
            writer.member("source_id", sourceID?.exposed)
            writer.member("identifier", identity?.identifier ?? identifier)
            writer.member("identifier_hash", identity?.hash.exposed)
            details.write(to: &writer)
        }
        return try await checkingIdentity {
            try await requester.send(.post, "\(inboxPath)/contacts", body: body) { ChatwootContactSession($0) }
        }
    }

    /// The session. With an identity it becomes verified: it then sees all conversations of its contact.
    public func contact(
        _ session: ChatwootSecret, identity: ChatwootIdentity? = nil
    ) async throws -> ChatwootContactSession {
        let query: RequestQuery = [
            ("identifier", identity?.identifier), ("identifier_hash", identity?.hash.exposed),
        ]
        return try await checkingIdentity {
            try await requester.send(.get, contactPath(session), query: query) { ChatwootContactSession($0) }
        }
    }

    /// Makes a session and verifies it: the two calls that identity validation takes.
    public func verifiedContact(
        sourceID: ChatwootSecret, details: ChatwootContactDetails = .init(), identity: ChatwootIdentity
    ) async throws -> ChatwootContactSession {
        let session = try await createContact(sourceID: sourceID, details: details, identity: identity)
        return try await contact(session.sourceID, identity: identity)
    }

    /// Changes what is known of the contact; blank values change nothing. With an identity the session becomes
    /// verified. An e-mail or phone number of another contact merges the two: the session lives on, the contact's id
    /// changes.
    public func updateContact(
        _ session: ChatwootSecret, details: ChatwootContactDetails, identity: ChatwootIdentity? = nil
    ) async throws -> ChatwootContact {
        let body = HTTPBody.object { writer in
            writer.member("identifier", identity?.identifier)
            writer.member("identifier_hash", identity?.hash.exposed)
            details.write(to: &writer)
        }
        return try await checkingIdentity {
            try await requester.send(.patch, contactPath(session), body: body) { ChatwootContact($0) }
        }
    }

    /// The platform answers a wrong or missing identity hash with a crash.
    private func checkingIdentity<Value>(_ call: () async throws -> Value) async throws -> Value {
        do {
            return try await call()
        } catch let error as ChatwootError {
            throw error.suspectingIdentity()
        }
    }
}
