internal import EventJSON

/// What the platform says about a failure, cut short and without secrets: it may repeat what it was sent.
struct ServerWords {
    private static let most = 200
    var text: String?

    /// Of an error's body: `{"error":…,"details":…}`, where both may be anything.
    init(_ body: [UInt8], hiding secrets: [TwinSecret]) {
        guard body.count <= 65_536, let json = try? JSON(parsing: body) else { return }
        let said = [json["error"], json["message"], json["details"]].lazy.compactMap(Self.words).first
        text = said.map { Self.clean($0, hiding: secrets) }
    }

    /// Texts only: an object could hold what was sent, a password too.
    static func words(_ json: JSON?) -> String? {
        if let text = json?.string { return text.isEmpty ? nil : text }
        let texts = json?.elements.compactMap(\.string) ?? []
        return texts.isEmpty ? json?["message"]?.string : texts.joined(separator: ", ")
    }

    static func clean(_ said: String, hiding secrets: [TwinSecret]) -> String {
        var cleaned = said.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        for secret in secrets where !secret.exposed.isEmpty {
            cleaned = cleaned.replacing(secret.exposed, with: "***")
        }
        return cleaned.count > most ? cleaned.prefix(most) + "…" : cleaned
    }

    func mentions(_ word: String) -> Bool {
        text?.lowercased().contains(word) ?? false
    }
}
