internal import Crypto

/// Proof that an identifier comes from the business: HMAC-SHA256 with the inbox's token, in hexadecimal.
public struct ChatwootIdentity: Hashable, Sendable {
    /// The contact's identifier in the business. Always send the one that the contact was made with.
    public let identifier: String
    public let hash: ChatwootSecret

    /// Signs an identifier with the `hmac_token` of an API inbox.
    public init(identifier: String, hmacToken: ChatwootSecret) {
        self.init(identifier: identifier, hash: ChatwootSecret(hexHMAC(identifier.utf8, key: hmacToken)))
    }

    /// Takes a hash that was made elsewhere.
    public init(identifier: String, hash: ChatwootSecret) {
        self.identifier = identifier
        self.hash = hash
    }
}

/// Lower-case hexadecimal HMAC-SHA256.
func hexHMAC(_ data: some Sequence<UInt8>, key: ChatwootSecret) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(data), using: SymmetricKey(data: Array(key.exposed.utf8)))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
