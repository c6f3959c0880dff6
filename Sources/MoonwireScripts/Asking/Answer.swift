import EventJSON
import Moonwire

/// What a person sent, as far as a question looks at it.
struct Answer {
    let text: String
    /// What was pressed or filled in, where the platform tells apart.
    let submitted: JSON?
    let attachments: [Attachment]

    init(_ message: Message) {
        text = message.text
        submitted = message.submittedValues.flatMap { try? JSON(parsing: $0.bytes) }
        attachments = message.attachments
    }

    /// The value of the first thing pressed or filled in, else the text without surrounding blanks.
    var said: String {
        for item in submitted?.elements ?? [] {
            if let value = item["value"]?.string ?? item["title"]?.string { return value }
        }
        return FoldedText(text).trimmed
    }
}

/// How an answer was read.
enum Reading: Equatable {
    case accepted(JSON)
    /// Not what was asked for.
    case refused
}

/// What a question takes for an answer. Pure: text in, value out.
struct AnswerRule {
    enum Kind: String {
        case text, number, email, phone, choice, attachment
    }

    var kind: Kind
    var choices: [QuickReply] = []
    var pattern: LinearPattern?

    func read(_ answer: Answer) -> Reading {
        if kind == .attachment {
            guard let attachment = answer.attachments.first else { return .refused }
            return .accepted(attachment.json)
        }
        let said = answer.said
        if let pattern, !pattern.matches(said) { return .refused }
        let value: JSON? =
            switch kind {
            case .text: said.isEmpty ? nil : .string(said)
            case .number: Self.number(said)
            case .email: Self.email(said).map(JSON.string)
            case .phone: Self.phone(said).map(JSON.string)
            case .choice: choice(said).map(JSON.string)
            case .attachment: nil
            }
        return value.map(Reading.accepted) ?? .refused
    }

    /// What to say when the script gave no hint.
    var defaultHint: String {
        switch kind {
        case .text: "Please answer with a text message."
        case .number: "Please answer with a number."
        case .email: "Please answer with an e-mail address."
        case .phone: "Please answer with a phone number, with its country code."
        case .choice: "Please choose one of the options."
        case .attachment: "Please send a file or a picture."
        }
    }

    /// By value, by title, then by position: people press, type or count.
    private func choice(_ said: String) -> String? {
        let folded = FoldedText.words(of: said)
        if let match = choices.first(where: { $0.value == said || $0.title == said }) { return match.value }
        let match = choices.first { choice in
            !folded.isEmpty
                && (FoldedText.words(of: choice.title) == folded || FoldedText.words(of: choice.value) == folded)
        }
        if let match { return match.value }
        let digits = FoldedText.fold(said).filter { !$0.isWhitespace && $0 != "." && $0 != ")" && $0 != "#" }
        guard let number = Int(digits), choices.indices.contains(number - 1) else { return nil }
        return choices[number - 1].value
    }

    /// Digits of any script; a comma or an Arabic decimal sign for the point.
    static func number(_ said: String) -> JSON? {
        var text = FoldedText.fold(said).filter { !$0.isWhitespace && $0 != "_" && $0 != "\u{66C}" }
        text = text.replacing("\u{66B}", with: ".").replacing("\u{2212}", with: "-")
        let commas = text.count { $0 == "," }
        let decimals = text.split(separator: ",", omittingEmptySubsequences: false).last?.count ?? 0
        if commas > 0 {
            let separatesThousands = commas > 1 || text.contains(".") || decimals == 3
            text = text.replacing(",", with: separatesThousands ? "" : ".")
        }
        let allowed = text.allSatisfy { $0.isASCIIDigit || $0 == "." || $0 == "-" || $0 == "+" }
        guard allowed, text.contains(where: \.isASCIIDigit) else { return nil }
        if let whole = Int64(text) { return .int(whole) }
        return Double(text).map(JSON.double)
    }

    static func email(_ said: String) -> String? {
        let text = said.hasPrefix("mailto:") ? String(said.dropFirst(7)) : said
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty,
            text.utf8.count <= 254, !text.contains(where: { $0.isWhitespace || "<>()[],;:\"\\".contains($0) })
        else { return nil }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty && $0.first != "-" && $0.last != "-" }),
            (labels.last?.count ?? 0) >= 2, !local.hasPrefix("."), !local.hasSuffix("."), !local.contains("..")
        else { return nil }
        return text
    }

    /// Digits with the plus sign of an international number: `+4930123456`; punctuation is dropped.
    static func phone(_ said: String) -> String? {
        let text = FoldedText.fold(said)
        var digits = text.filter(\.isASCIIDigit)
        guard text.allSatisfy({ $0.isASCIIDigit || $0.isWhitespace || "+-()./".contains($0) }) else { return nil }
        var isInternational = text.drop(while: \.isWhitespace).first == "+"
        guard text.count(where: { $0 == "+" }) == (isInternational ? 1 : 0) else { return nil }
        if !isInternational, digits.hasPrefix("00") {
            digits.removeFirst(2)
            isInternational = true
        }
        guard (7...15).contains(digits.count) else { return nil }
        return (isInternational ? "+" : "") + digits
    }
}

extension Attachment {
    /// As scripts see it.
    var json: JSON {
        var object = JSONObject()
        object.append("id", .string(id))
        object.append("kind", .string(kind))
        for (key, value) in [("url", url), ("name", name), ("mime", mime)] {
            if let value { object.append(key, .string(value)) }
        }
        if let size { object.append("size", .int(size)) }
        if let latitude { object.append("latitude", .double(latitude)) }
        if let longitude { object.append("longitude", .double(longitude)) }
        return .object(object)
    }
}
