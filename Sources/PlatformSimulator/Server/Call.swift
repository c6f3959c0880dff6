import HTTPTypes
import Hummingbird

/// One request with everything that routes read from it.
struct Call: Sendable {
    let method: String
    let path: String
    let segments: Parameters
    let headers: HTTPFields
    let parameters: JSONObject
    let uploads: [UploadedFile]

    /// The files under a name; those under any other are parameters that nobody reads.
    func files(_ field: String = "attachments[]") -> [UploadedFile] { uploads.filter { $0.field == field } }

    func segment(_ name: String) -> String { segments.get(name) ?? "" }

    /// A numeric part of the path; nil is answered as not found by the world.
    func number(_ name: String) -> Int? { Int(segment(name)) }

    subscript(parameter: String) -> JSONValue? { parameters[parameter] }
}
