public import EventJSON

/// An answer to an interactive message, in the shape that its kind takes.
public enum ChatwootSubmission: Hashable, Sendable {
    /// To `input_select`.
    case choices([ChatwootChoice])
    /// To `form`: values by field name.
    case form(JSONObject)
    /// To `input_csat`: 1 to 5. Only the first answer counts, within 14 days.
    case survey(rating: Int, feedback: String? = nil)
    /// Of a shape that is not known here.
    case raw(JSON)

    /// One quick reply.
    public static func choice(_ choice: ChatwootChoice) -> ChatwootSubmission { .choices([choice]) }

    var json: JSON {
        switch self {
        case .choices(let choices):
            .array(choices.map { ["title": .string($0.title), "value": .string($0.value)] })
        case .form(let fields):
            .array(fields.map { ["name": .string($0.key), "value": $0.value] })
        case .survey(let rating, let feedback): ["csat_survey_response": Self.survey(rating, feedback)]
        case .raw(let values): values
        }
    }

    static func survey(_ rating: Int, _ feedback: String?) -> JSON {
        ["rating": .int(Int64(rating)), "feedback_message": .string(feedback ?? "")]
    }
}
