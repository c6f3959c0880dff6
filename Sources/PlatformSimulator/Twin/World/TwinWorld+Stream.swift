import Foundation

/// What the world says about connections to the realtime endpoint.
extension TwinWorld: CentrifugeBackend {
    /// Channels that anybody with a stream may subscribe to, beside those that the server chooses.
    static let openChannels = "public:"
    private static let application = "notifications"

    func admit(_ credentials: CentrifugeCredentials) -> CentrifugeVerdict {
        let ofApplication =
            credentials.data["application"]?.string == Self.application
            ? credentials.data["settings"]?["token"]?.string : nil
        let token = ofApplication ?? credentials.token
        let person: TwinOperator
        do throws(TwinRefusal) {
            person = try self.person(authenticate(token))
        } catch {
            ledger.update { $0.refusedAdmissions += 1 }
            let isKnown = grants[token] != nil
            // Who brings a token of the connection is told by the protocol that it has expired.
            if ofApplication == nil, isKnown, error.status == dials.expiredStatus { return .failed(.tokenExpired) }
            let code = dials.badTokenCode
            return code < 2000
                ? .failed(CentrifugeFailure(code: code, message: code == 109 ? "token expired" : "unauthorized"))
                : .closed(CentrifugeClosure(code: code, reason: "unauthorized"))
        }
        ledger.update { $0.admissions += 1 }
        let left = (grants[token]?.expiresAt ?? 0) - now.timeIntervalSince1970
        var guest = CentrifugeGuest(
            user: String(person.id), channels: [person.channel, TwinAnnouncer.companyChannel])
        if ofApplication == nil {
            guest.ttl = max(1, Int(left.rounded()))
        } else if dials.streamEndsWithToken {
            guest.endsAfter = left
        }
        return .admitted(guest)
    }

    func refresh(token: String, user: String) throws(CentrifugeFailure) -> Int {
        guard let grant = grants[token] else { throw .unauthorized }
        let left = grant.expiresAt - now.timeIntervalSince1970
        guard left > 0 else { throw .tokenExpired }
        guard String(grant.operatorID) == user else { throw .permissionDenied }
        return max(1, Int(left.rounded()))
    }

    nonisolated func isOpen(_ channel: String) -> Bool { channel.hasPrefix(Self.openChannels) }

    /// `echo` answers its data; `wait` does so after `milliseconds`.
    func call(_ method: String, _ data: JSONValue) async throws(CentrifugeFailure) -> JSONValue {
        switch method {
        case "echo": return data
        case "wait":
            try? await Task.sleep(for: .milliseconds(Int64(data["milliseconds"]?.castInt ?? 0)))
            return data
        default: throw .methodNotFound
        }
    }
}
