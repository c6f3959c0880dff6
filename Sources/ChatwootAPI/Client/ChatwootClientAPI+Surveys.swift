internal import CurlHTTP
internal import EventJSON

extension ChatwootClientAPI {
    /// The satisfaction survey of a conversation, found by the conversation's uuid.
    public func survey(conversationUUID: String) async throws -> ChatwootSurvey {
        try await requester.send(.get, "/csat_survey/\(secret: ChatwootSecret(conversationUUID))") {
            ChatwootSurvey($0)
        }
    }

    /// Answers a satisfaction survey: 1 to 5, once, within 14 days.
    public func answerSurvey(
        conversationUUID: String, rating: Int, feedback: String? = nil
    ) async throws -> ChatwootSurvey {
        let body = HTTPBody.object { writer in
            writer.object("message") { writer in
                writer.object("submitted_values") { writer in
                    writer.key("csat_survey_response")
                    writer.value(ChatwootSubmission.survey(rating, feedback))
                }
            }
        }
        return try await requester.send(
            .put, "/csat_survey/\(secret: ChatwootSecret(conversationUUID))", body: body
        ) { ChatwootSurvey($0) }
    }
}
