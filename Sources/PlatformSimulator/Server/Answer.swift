import HTTPTypes
import Hummingbird
import NIOCore

/// The answer to a request, before it is put on the wire.
struct Answer: Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    var headers: [(HTTPField.Name, String)] = []

    static func json(_ value: JSONValue, status: Int = 200) -> Answer {
        Answer(status: status, contentType: "application/json; charset=utf-8", body: value.bytes())
    }

    /// 200 with a body of no bytes, which is not JSON.
    static let empty = Answer(status: 200, contentType: "application/json", body: [])

    static func text(_ text: String, status: Int = 200, contentType: String = "text/plain; charset=utf-8") -> Answer {
        Answer(status: status, contentType: contentType, body: Array(text.utf8))
    }

    /// An HTML page as a proxy in front of the platform gives it.
    static func proxyError(_ status: Int) -> Answer {
        .text("<html><body><h1>\(status)</h1></body></html>", status: status, contentType: "text/html")
    }

    static let throttled = Answer.text("Retry later\n", status: 429, contentType: "text/plain")
    static let notFound = Answer.json(["status": .int(404), "error": "Not Found"], status: 404)
    static let crash = Answer.json(["status": .int(500), "error": "Internal Server Error"], status: 500)
    static let badRequest = Answer.json(["status": .int(400), "error": "Bad Request"], status: 400)

    var response: Response {
        var fields = HTTPFields()
        fields[.contentType] = contentType
        for header in headers { fields[header.0] = header.1 }
        return Response(
            status: .init(code: status), headers: fields,
            body: body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// A refusal that a route throws as a finished answer.
struct Refusal: Error {
    let answer: Answer

    /// How the public client API words an error of the world.
    static func client(_ error: WorldError) -> Answer {
        switch error {
        case .notFound: .notFound
        case .invalid(let message, let attributes): invalid(message, attributes)
        case .missingParameter(let name): invalid("param is missing or the value is empty: \(name)", [])
        case .surveyExpired:
            .json(["error": "You cannot update the CSAT survey after 14 days"], status: 422)
        case .unauthorized(let message): .json(["error": .string(message)], status: 401)
        case .forbidden(let message): .json(["error": .string(message)], status: 403)
        case .crash: .crash
        }
    }

    /// How the operator API words an error of the world.
    static func `operator`(_ error: WorldError) -> Answer {
        switch error {
        case .notFound: .json(["error": "Resource could not be found"], status: 404)
        case .missingParameter(let name):
            .json(["error": .string("param is missing or the value is empty: \(name)")], status: 422)
        default: client(error)
        }
    }

    private static func invalid(_ message: String, _ attributes: [String]) -> Answer {
        .json(["message": .string(message), "attributes": .texts(attributes)], status: 422)
    }
}
