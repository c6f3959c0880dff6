/// Reads e-mail addresses.
enum EmailAddress {
    private static let forbidden = "<>()[],;:\"\\"

    /// The address without a leading `mailto:`. Checks what every provider demands: one `@`, a domain with a dot, and
    /// no blanks or brackets.
    static func read(_ said: String) -> String? {
        let text = said.hasPrefix("mailto:") ? String(said.dropFirst(7)) : said
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty,
            text.utf8.count <= 254, !text.contains(where: { $0.isWhitespace || forbidden.contains($0) })
        else { return nil }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty && $0.first != "-" && $0.last != "-" }),
            (labels.last?.count ?? 0) >= 2, !local.hasPrefix("."), !local.hasSuffix("."), !local.contains("..")
        else { return nil }
        return text
    }
}
