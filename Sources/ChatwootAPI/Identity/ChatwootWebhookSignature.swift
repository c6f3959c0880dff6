/// The signature of a webhook delivery, where the installation signs them.
public enum ChatwootWebhookSignature {
    /// What `X-Chatwoot-Signature` holds for a body sent with `X-Chatwoot-Timestamp`.
    public static func header(secret: ChatwootSecret, timestamp: String, body: [UInt8]) -> String {
        "sha256=" + hexHMAC(Array(timestamp.utf8) + [UInt8(ascii: ".")] + body, key: secret)
    }

    /// Whether a delivery's signature is right. Takes the same time wherever it differs.
    ///
    /// Compare the timestamp with the clock too: an old delivery can be sent again by whoever has seen it.
    public static func isValid(
        _ signature: String, secret: ChatwootSecret, timestamp: String, body: [UInt8]
    ) -> Bool {
        let expected = Array(header(secret: secret, timestamp: timestamp, body: body).utf8)
        let given = Array(signature.utf8)
        guard given.count == expected.count else { return false }
        return zip(given, expected).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
