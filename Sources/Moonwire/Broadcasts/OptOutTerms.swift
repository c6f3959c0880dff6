/// By which words a client opts out, and what is said to it.
public struct OptOutTerms: Sendable, Hashable {
    /// The reply by the word, folded as `FoldedText.joinedWords` does.
    private let replies: [String: String]

    /// - Parameter reply: what is said to each; the default words have replies of their own language.
    public init(words: [String], reply: String? = nil) {
        var replies: [String: String] = [:]
        for word in words {
            let folded = FoldedText.joinedWords(word)
            if !folded.isEmpty { replies[folded] = reply ?? Self.defaults[folded] ?? Self.english }
        }
        self.replies = replies
    }

    /// What to answer when a message consists of one of the words; `nil` for any other message.
    func reply(to text: String) -> String? {
        guard text.utf8.count <= 200 else { return nil }
        return replies[FoldedText.joinedWords(text)]
    }

    /// Arabic, English, Spanish and Russian.
    public static let standard = OptOutTerms(words: standardWords)

    public static let standardWords = languages.flatMap(\.words)

    private static let english = "You will get no more messages from us. Write to us at any time."

    private static let languages: [(words: [String], reply: String)] = [
        (["stop", "unsubscribe", "opt out", "stop all"], english),
        (
            ["إلغاء الاشتراك", "الغاء الاشتراك", "إيقاف", "ايقاف الرسائل", "أوقف الرسائل"],
            "لن تصلك منا رسائل أخرى. يمكنك مراسلتنا في أي وقت."
        ),
        (
            ["baja", "darme de baja", "dar de baja", "cancelar suscripción", "no más mensajes"],
            "No recibirá más mensajes nuestros. Puede escribirnos cuando quiera."
        ),
        (
            ["стоп", "отписаться", "отписка", "отпишите меня", "не присылать"],
            "Вы больше не будете получать от нас рассылки. Пишите нам в любое время."
        ),
    ]

    private static let defaults: [String: String] = {
        var replies: [String: String] = [:]
        for language in languages {
            for word in language.words { replies[FoldedText.joinedWords(word)] = language.reply }
        }
        return replies
    }()
}
