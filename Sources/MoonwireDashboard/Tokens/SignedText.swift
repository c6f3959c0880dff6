import Crypto
import EventJSON
import Foundation

/// `v1.<payload>.<mac>`: a JSON object that the host has signed with HMAC-SHA-256, both parts in base64url.
enum SignedText {
    enum Failure: Error {
        /// Not ours, not for this, or changed.
        case invalid
    }

    private static let longest = 4096

    static func sign(_ payload: JSONObject, _ keys: SigningKeys) -> String {
        var payload = payload
        payload["kid"] = .string(keys.signing.id)
        let signed = "v1." + Base64URL.encode(JSON.object(payload).bytes)
        let mac = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: keys.signing.secret)
        return signed + "." + Base64URL.encode(Array(mac))
    }

    /// The payload of a text that one of the keys has signed for this audience.
    static func open(_ text: String, audience: String, _ keys: SigningKeys) throws(Failure) -> JSON {
        guard text.utf8.count <= longest else { throw .invalid }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "v1", let payload = Base64URL.decode(parts[1]),
            let mac = Base64URL.decode(parts[2]), let claims = try? JSON(parsing: payload),
            let key = claims["kid"]?.string.flatMap(keys.key),
            HMAC<SHA256>.isValidAuthenticationCode(
                mac, authenticating: Data("v1.\(parts[1])".utf8), using: key.secret),
            claims["aud"]?.string == audience
        else { throw .invalid }
        return claims
    }
}
