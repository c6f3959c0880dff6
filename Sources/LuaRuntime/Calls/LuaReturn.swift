/// What a host function gives back to Lua. To raise an error it throws instead: see ``LuaRaise``.
public enum LuaReturn {
    case nothing
    case value(LuaArgument)
    case values([LuaArgument])
    /// The run waits. `LuaCoroutine.start` or `resume` returns the request to whoever drives the run.
    case suspend(any Sendable)
}

/// The ways for a host function to raise. Any other error that it throws is raised as text.
public enum LuaRaise: Error {
    /// An error message; the caller's `file:line` is put in front. A script's `pcall` may catch it.
    case message(String)
    /// An error object `{ code, message, retryable, status, where }`. A script's `pcall` may catch it.
    case object(LuaErrorObject)
    /// Ends the run. Nothing in Lua can catch it; the driver gets `LuaError.Code.killed` with this error.
    case kill(any Error)
}

/// The error object that scripts see: fields, and the message when printed.
public struct LuaErrorObject: Error, Sendable, Hashable {
    public var code: String
    public var message: String
    public var retryable: Bool
    public var status: Int?
    /// `file:line`; filled in by the runtime where it is `nil`.
    public var `where`: String?

    public init(
        code: String, message: String, retryable: Bool = false, status: Int? = nil, where location: String? = nil
    ) {
        self.where = location
        self.code = code
        self.message = message
        self.retryable = retryable
        self.status = status
    }
}
