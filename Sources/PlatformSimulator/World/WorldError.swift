/// Why the world refused something; each API words it in its own way.
enum WorldError: Error {
    case notFound
    /// A record did not pass validation.
    case invalid(message: String, attributes: [String])
    /// A parameter that must be there was not.
    case missingParameter(String)
    case surveyExpired
    /// The operator may not do this.
    case unauthorized(String)
    case forbidden(String)
    /// What the real server answers with its generic 500.
    case crash
}
