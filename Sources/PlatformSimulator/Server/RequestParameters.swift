import Foundation
import HTTPTypes
import NIOCore

/// A file of a multipart body.
struct UploadedFile: Sendable {
    /// The name of its part of the form.
    let field: String
    let filename: String
    let contentType: String
    let bytes: [UInt8]
}

/// The parameters of a request as Rails merges them: query, then JSON, form or multipart body.
struct RequestParameters {
    private(set) var values = JSONObject()
    private(set) var files: [UploadedFile] = []

    /// Throws the answer 400 when a JSON body is malformed.
    init(query: String?, contentType: String?, body: [UInt8]) throws {
        if let query { addForm(query) }
        guard !body.isEmpty else { return }
        let type = contentType?.lowercased() ?? ""
        if type.hasPrefix("application/json") {
            guard let value = try? JSONValue(parsing: body) else { throw Refusal(answer: .badRequest) }
            for member in value.object?.members ?? [] { values[member.key] = member.value }
        } else if type.hasPrefix("multipart/form-data"), let contentType {
            guard let form = MultipartForm(contentType: contentType, body: body) else {
                throw Refusal(answer: .badRequest)
            }
            for field in form.fields { add(field.name, .string(field.value)) }
            files = form.files
        } else if type.hasPrefix("application/x-www-form-urlencoded") {
            addForm(String(decoding: body, as: UTF8.self))
        }
    }

    private mutating func addForm(_ text: String) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ Self.decode($0) }), !name.isEmpty else { continue }
            add(name, .string(parts.count > 1 ? Self.decode(parts[1]) ?? "" : ""))
        }
    }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// Adds a value by its bracketed name: `a[b]=1` is a member of an object, `a[]=1` an element of an array.
    private mutating func add(_ name: String, _ value: JSONValue) {
        let parts = name.split(separator: "[", maxSplits: 16)
        guard let head = parts.first else { return }
        let keys = parts.dropFirst().map { String($0.hasSuffix("]") ? $0.dropLast() : $0) }
        values[String(head)] = Self.placing(value, at: keys[...], in: values[String(head)])
    }

    private static func placing(_ value: JSONValue, at keys: ArraySlice<String>, in old: JSONValue?) -> JSONValue {
        guard let key = keys.first else { return value }
        if key.isEmpty { return .array((old?.array ?? []) + [placing(value, at: keys.dropFirst(), in: nil)]) }
        var object = old?.object ?? JSONObject()
        object[key] = placing(value, at: keys.dropFirst(), in: object[key])
        return .object(object)
    }
}
