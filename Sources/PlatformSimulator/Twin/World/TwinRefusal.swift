/// Why TWIN24 refuses a request: the status and the `error` of its answer.
struct TwinRefusal: Error {
    let status: Int
    let error: String
    var details: JSONValue = .null

    static func invalid(_ error: String) -> TwinRefusal { TwinRefusal(status: 400, error: error) }
    static let unauthorized = TwinRefusal(status: 401, error: "Unauthorized.")
    static let wrongCredentials = TwinRefusal(status: 401, error: "Wrong email or password.")
    static let forbidden = TwinRefusal(status: 403, error: "Forbidden.")
    static let notFound = TwinRefusal(status: 404, error: "Not found.")
    static let wrongMethod = TwinRefusal(status: 405, error: "Method not allowed.")
    static let tooLarge = TwinRefusal(status: 413, error: "File is too large.")
    static func wrongState(_ error: String) -> TwinRefusal { TwinRefusal(status: 422, error: error) }

    /// The status with the words that TWIN24 has for it.
    static func plain(_ status: Int) -> TwinRefusal {
        let known = [unauthorized, forbidden, notFound, wrongMethod, tooLarge]
        return known.first { $0.status == status } ?? TwinRefusal(status: status, error: "Error \(status).")
    }

    static func expired(status: Int) -> TwinRefusal {
        status == 401 ? TwinRefusal(status: 401, error: "Token is expired.") : .forbidden
    }

    var answer: Answer { .json(["error": .string(error), "details": details], status: status) }
}
