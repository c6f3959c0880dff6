public import EventJSON

/// A quick reply.
public struct ChatwootChoice: Hashable, Sendable {
    /// What the contact sees.
    public var title: String
    /// What comes back.
    public var value: String

    /// A quick reply; without a value the title comes back.
    public init(_ title: String, value: String? = nil) {
        self.title = title
        self.value = value ?? title
    }
}

extension ChatwootMessage {
    /// The quick replies that the message offers.
    public var choices: [ChatwootChoice] {
        guard contentType == .inputSelect else { return [] }
        return (contentAttributes["items"]?.elements ?? []).compactMap { item in
            guard let title = item["title"]?.string else { return nil }
            return ChatwootChoice(title, value: item["value"]?.string)
        }
    }

    /// What the contact answered to quick replies, a form or a survey; nil while there is no answer.
    public var answer: ChatwootAnswer? {
        contentAttributes["submitted_values"].flatMap { ChatwootAnswer($0) }
    }
}

/// What a contact answered.
public enum ChatwootAnswer: Hashable, Sendable {
    /// The chosen quick replies, usually one.
    case choices([ChatwootChoice])
    /// The fields of a form.
    case form(JSONObject)
    case survey(rating: Int, feedback: String?)
    /// Of a shape that is not known here.
    case other(JSON)

    init?(_ values: JSON) {
        if values.isNull { return nil }
        if let survey = values["csat_survey_response"] {
            guard let rating = survey["rating"]?.int else { return nil }
            self = .survey(rating: rating, feedback: survey["feedback_message"]?.string)
            return
        }
        let items = values.elements
        let choices = items.compactMap { item in
            item["title"]?.string.map { ChatwootChoice($0, value: item["value"]?.string) }
        }
        var form = JSONObject()
        for item in items {
            if let name = item["name"]?.string { form[name] = item["value"] ?? .null }
        }
        if !choices.isEmpty, choices.count == items.count {
            self = .choices(choices)
        } else if !form.isEmpty {
            self = .form(form)
        } else {
            self = .other(values)
        }
    }

    /// The answer as one text: the values, separated by commas.
    public var text: String {
        switch self {
        case .choices(let choices): choices.map(\.value).joined(separator: ", ")
        case .form(let fields): fields.map { Self.text(of: $0.value) }.joined(separator: ", ")
        case .survey(let rating, _): String(rating)
        case .other(let value): Self.text(of: value)
        }
    }

    private static func text(of value: JSON) -> String {
        value.string ?? String(decoding: value.bytes, as: UTF8.self)
    }
}
