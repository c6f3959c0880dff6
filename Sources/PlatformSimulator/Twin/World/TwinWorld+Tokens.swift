import Crypto
import Foundation

/// Logins, tokens and their ends.
extension TwinWorld {
    private static let weekInSeconds = 604_800

    func login(_ parameters: JSONObject) throws(TwinRefusal) -> JSONValue {
        guard let email = parameters["email"]?.string, let password = parameters["password"]?.string else {
            throw .invalid("Email and password are needed.")
        }
        guard let person = operators.values.first(where: { $0.email == email }), person.password == password else {
            ledger.update { $0.refusedLogins += 1 }
            throw .wrongCredentials
        }
        guard !person.isBlocked else {
            ledger.update { $0.refusedLogins += 1 }
            throw .forbidden
        }
        ledger.update { $0.logins += 1 }
        if dials.loginDisplaces { displace(person) }
        return issue(to: person.id, ttl: parameters["ttl"]?.castInt)
    }

    /// - Parameter token: the bare token of the header, which may have expired.
    func refresh(_ token: String, _ parameters: JSONObject) throws(TwinRefusal) -> JSONValue {
        let refreshToken = parameters["refreshToken"]?.string ?? ""
        guard let grant = grants[token], refreshGrants[refreshToken] == grant.operatorID else {
            ledger.update { $0.refusedLogins += 1 }
            throw .unauthorized
        }
        guard try !person(grant.operatorID).isBlocked else {
            ledger.update { $0.refusedLogins += 1 }
            throw .forbidden
        }
        ledger.update { $0.refreshes += 1 }
        // A refresh token opens once.
        refreshGrants[refreshToken] = nil
        return issue(to: grant.operatorID, ttl: parameters["ttl"]?.castInt)
    }

    /// The operator behind a token.
    func authenticate(_ token: String) throws(TwinRefusal) -> Int {
        guard let grant = grants[token] else { throw .unauthorized }
        guard grant.expiresAt > now.timeIntervalSince1970 else { throw .expired(status: dials.expiredStatus) }
        guard try !person(grant.operatorID).isBlocked else { throw .forbidden }
        return grant.operatorID
    }

    /// Ends the tokens of an operator, or of all; refresh tokens stay good.
    func expireTokens(of operatorID: Int?) {
        for (token, grant) in grants where operatorID == nil || grant.operatorID == operatorID {
            grants[token]?.expiresAt = now.timeIntervalSince1970 - 1
        }
    }

    /// Makes refresh tokens void, so that only a login helps.
    func revokeRefreshTokens(of operatorID: Int?) {
        refreshGrants = refreshGrants.filter { operatorID != nil && $0.value != operatorID }
    }

    private func issue(to operatorID: Int, ttl: Int?) -> JSONValue {
        let forced = dials.tokenSeconds
        let seconds = forced > 0 ? forced : max(1, ttl ?? Self.weekInSeconds)
        let expiresAt = now.timeIntervalSince1970 + Double(seconds)
        let token = webToken(operatorID, expiresAt: expiresAt)
        let refreshToken = makeToken()
        grants[token] = Grant(operatorID: operatorID, expiresAt: expiresAt)
        refreshGrants[refreshToken] = operatorID
        return ["token": .string(token), "refreshToken": .string(refreshToken)]
    }

    /// A JWT whose `exp` has a fraction, as the platform's have.
    private func webToken(_ operatorID: Int, expiresAt: Double) -> String {
        let header: JSONValue = ["typ": "JWT", "alg": "HS256"]
        let payload: JSONValue = [
            "jti": .string(makeUUID()), "userId": .int(operatorID), "companyId": .int(TwinDemoWorld.companyID),
            "exp": .double((expiresAt * 1000).rounded() / 1000 + 0.000_25),
        ]
        let signed = "\(Self.base64(header.bytes())).\(Self.base64(payload.bytes()))"
        let signature = HMAC<SHA256>.authenticationCode(
            for: Data(signed.utf8), using: SymmetricKey(data: Data("simulator".utf8)))
        return "\(signed).\(Self.base64(Array(signature)))"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
