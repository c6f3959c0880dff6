public import EventJSON

/// What a call of the platform is answered.
public enum CustomChannelAnswer {
    /// The body of a 200: the message's id, for receipts.
    public static func accepted(_ mID: CustomChannelMessageID) -> JSON { ["mId": .string(mID.rawValue)] }

    /// The body of a refusal. An agent reads it.
    public static func refused(_ message: String) -> JSON { ["error": ["message": .string(sentence(message))]] }

    /// A text as agents may see it: one line of at most 256.
    public static func sentence(_ text: String) -> String {
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        guard line.utf16.count > CustomChannelLimits.words else { return line }
        return (CustomChannelText.split(line, limit: CustomChannelLimits.words - 1).first ?? "") + "…"
    }
}
