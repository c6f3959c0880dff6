/// Who causes a change.
enum Performer: Sendable {
    case contact(Int)
    case user(Int)
    case bot(Int)
    case system

    var author: Message.Author? {
        switch self {
        case .contact(let id): .contact(id)
        case .user(let id): .user(id)
        case .bot(let id): .bot(id)
        case .system: nil
        }
    }
}
