import Foundation

/// The little of Liquid that the platform renders in outgoing text: variables, and nothing inside backticks.
extension ChatwootWorld {
    func render(_ text: String, _ message: Message) -> String {
        guard text.contains("{{") || text.contains("{%") else { return text }
        // Every second part stands between backticks.
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        return parts.map { $0 % 2 == 1 ? String($1) : renderPlain(String($1), message) }.joined(separator: "`")
    }

    private func renderPlain(_ text: String, _ message: Message) -> String {
        text.replacing(/\{%[^%]*%\}/, with: "").replacing(/\{\{([^}]*)\}\}/) { match in
            value(of: match.output.1.trimmingCharacters(in: .whitespaces), message)
        }
    }

    private func value(of variable: String, _ message: Message) -> String {
        let conversation = message.conversation
        let contact = contacts[conversation.contactID]
        switch variable {
        case "contact.name": return contact?.name ?? ""
        case "contact.first_name": return contact?.name.split(separator: " ").first.map(String.init) ?? ""
        case "contact.email": return contact?.email ?? ""
        case "contact.phone_number": return contact?.phoneNumber ?? ""
        case "conversation.display_id": return String(conversation.displayID)
        case "inbox.name": return inboxes[conversation.inboxID]?.name ?? ""
        case "account.name": return accounts[conversation.accountID]?.name ?? ""
        case "agent.name":
            if case .user(let id) = message.author { return users[id]?.name ?? "" }
            return ""
        default: return ""
        }
    }
}
