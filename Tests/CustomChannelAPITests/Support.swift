import CurlHTTP
import CustomChannelAPI
import EventJSON
import Synchronization

/// A platform of answers in a row; the last one stays.
final class ScriptedPlatform: CustomChannelTransport {
    private let answers: Mutex<[Result<HTTPResponse, HTTPError>]>
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ answers: Result<HTTPResponse, HTTPError>...) {
        self.answers = Mutex(answers)
    }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }
        return try (answer ?? .success(HTTPResponse(status: 200))).get()
    }
}

let now: Int64 = 1_795_251_600_123

let credentials = CustomChannelCredentials(
    channelID: "c7q2m9x4kd", webhookURL: "https://app.example.com/custom/channel/webhook/", token: "T-secret",
    idType: .custom)

func event(
    _ content: CustomChannelEvent.Content, contact: String = "user_88412", mID: String = "in_1",
    timestamp: Int64 = now, details: CustomChannelContact? = nil
) -> CustomChannelEvent {
    CustomChannelEvent(
        contactID: contact, content, mID: CustomChannelMessageID(rawValue: mID), timestamp: timestamp,
        contact: details)
}

/// What a check refuses; `nil` when it lets the value through.
func refusal(_ check: () throws(CustomChannelError) -> Void) -> CustomChannelError? {
    do throws(CustomChannelError) {
        try check()
        return nil
    } catch {
        return error
    }
}

func json(_ text: String) -> [UInt8] { Array(text.utf8) }
