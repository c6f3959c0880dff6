/// Text as a token's part.
func base64URL(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var encoded = ""
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let chunk = bytes[start..<min(start + 3, bytes.count)]
        let word = chunk.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - chunk.count))
        for place in 0...chunk.count { encoded.append(alphabet[word >> (18 - 6 * place) & 63]) }
    }
    return encoded
}

/// A token that says when it was issued and when it ends.
func jwt(_ claims: String) -> String { "e30.\(base64URL(claims)).SECRET" }
