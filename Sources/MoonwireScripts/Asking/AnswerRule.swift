import EventJSON
import Moonwire

/// What a question takes for an answer. Pure: text in, value out.
struct AnswerRule {
    enum Kind: String, CaseIterable {
        case text, number, email, phone, date, choice, attachment, location
    }

    var kind: Kind
    var choices: [QuickReply] = []
    var pattern: LinearPattern?
    var number = NumberRule()
    /// Where a phone number without a country code is dialled.
    var country: CallingCode?
    var date = DateRule()

    /// - Parameter today: the day of the answer where the host is.
    func read(_ answer: Answer, today: @autoclosure () -> CalendarDate) -> Reading {
        switch kind {
        case .attachment: return accept(answer.attachments.first?.json)
        case .location: return accept(Place(answer)?.json)
        default: break
        }
        let said = answer.said
        if let pattern, !pattern.matches(said) { return .refused }
        switch kind {
        case .text: return accept(said.isEmpty ? nil : .string(said))
        case .number: return accept(number.read(said))
        case .email: return accept(EmailAddress.read(said).map(JSON.string))
        case .phone: return accept(PhoneNumber.read(said, country: country).map(JSON.string))
        case .date: return accept(date.read(said, today: today()).map { .string($0.iso) })
        case .choice: return accept(choice(said).map(JSON.string))
        case .attachment, .location: return .refused
        }
    }

    private func accept(_ value: JSON?) -> Reading { value.map(Reading.accepted) ?? .refused }

    /// What to say when the script gave no hint.
    func defaultHint(today: @autoclosure () -> CalendarDate) -> String {
        switch kind {
        case .text: "Please answer with a text message."
        case .number: number.hint
        case .email: "Please answer with an e-mail address."
        case .phone:
            country == nil
                ? "Please answer with a phone number, with its country code." : "Please answer with a phone number."
        case .date: date.hint(today: today())
        case .choice: "Please choose one of the options."
        case .attachment: "Please send a file or a picture."
        case .location: "Please share your location, or send a link to it on a map."
        }
    }
}

extension AnswerRule {
    /// The fewest letters by which a title may be begun.
    private static let shortestBeginning = 3

    /// By value, by title, by position, then by the beginning of one title: people press, type or count.
    private func choice(_ said: String) -> String? {
        let folded = FoldedText.words(of: said)
        if let match = choices.first(where: { $0.value == said || $0.title == said }) { return match.value }
        let match = choices.first { choice in
            !folded.isEmpty
                && (FoldedText.words(of: choice.title) == folded || FoldedText.words(of: choice.value) == folded)
        }
        if let match { return match.value }
        let digits = FoldedText.fold(said).filter { !$0.isWhitespace && $0 != "." && $0 != ")" && $0 != "#" }
        if let number = Int(digits) {
            return number >= 1 && number <= choices.count ? choices[number - 1].value : nil
        }
        let beginning = folded.joined(separator: " ")
        guard beginning.count >= Self.shortestBeginning else { return nil }
        let begun = choices.filter { FoldedText.joinedWords($0.title).hasPrefix(beginning) }
        return begun.count == 1 ? begun.first?.value : nil
    }
}
