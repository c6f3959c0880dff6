import Crypto

/// Compares what a caller shows with what it should know, in a time that tells nothing of either.
enum SecretComparison {
    /// An empty secret is known to nobody.
    static func matches(_ shown: String, _ secret: String) -> Bool {
        // Digests have one length, and how they differ says nothing of how the texts do.
        matches(Array(SHA256.hash(data: Array(shown.utf8))), Array(SHA256.hash(data: Array(secret.utf8))))
            && !secret.isEmpty
    }

    static func matches(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
