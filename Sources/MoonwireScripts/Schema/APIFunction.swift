public import EventJSON

/// A parameter of a function, or a member of its table of options.
public struct APIParameter: Sendable {
    public let name: String
    public let type: APIType
    public let isRequired: Bool
    /// What counts when it is left out; also what the function's code reads then.
    public let defaultValue: JSON?
    public let summary: String

    public static func required(_ name: String, _ type: APIType, _ summary: String) -> APIParameter {
        APIParameter(name: name, type: type, isRequired: true, defaultValue: nil, summary: summary)
    }

    public static func optional(
        _ name: String, _ type: APIType, default defaultValue: JSON? = nil, _ summary: String
    ) -> APIParameter {
        APIParameter(name: name, type: type, isRequired: false, defaultValue: defaultValue, summary: summary)
    }
}

/// What a call does besides returning a value.
public enum APIEffect: Sendable {
    /// Nothing: may be called anywhere, also in a `where` function and at the top level of a file.
    case pure
    /// Reads what belongs to a run, such as its clock: only inside a handler.
    case run
    /// Registers something: only at the top level of a file.
    case registers
    /// Leaves the script: journaled steps. Only inside a handler.
    case step
}

/// One function or method of the API.
public struct APIFunction: Sendable {
    public let name: String
    public let summary: String
    public let parameters: [APIParameter]
    /// What may follow the parameters any number of times.
    public let rest: APIParameter?
    /// The results, as the reference shows them.
    public let returns: String?
    public let effect: APIEffect
    /// What a channel must be able to do; the name that `session:can` knows.
    public let capability: String?

    init(
        _ name: String, _ effect: APIEffect, capability: String? = nil, returns: String? = nil,
        rest: APIParameter? = nil,
        _ summary: String, _ parameters: [APIParameter] = []
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.rest = rest
        self.returns = returns
        self.effect = effect
        self.capability = capability
    }
}

/// A field of an object.
public struct APIField: Sendable {
    public let name: String
    /// As the reference shows it: `string`, `string|nil`, `message`, `string[]`.
    public let type: String
    public let summary: String

    init(_ name: String, _ type: String, _ summary: String) {
        self.name = name
        self.type = type
        self.summary = summary
    }
}

/// A table of functions (`bot.store`) or a kind of object (`session`).
public struct APIObject: Sendable {
    public enum CallStyle: Sendable {
        /// `bot.json.encode(…)`
        case dot
        /// `session:reply(…)`
        case colon
    }

    /// As scripts reach it or as messages call it.
    public let name: String
    public let summary: String
    public let style: CallStyle
    public let fields: [APIField]
    public let functions: [APIFunction]

    init(_ name: String, _ style: CallStyle, _ summary: String, fields: [APIField] = [], functions: [APIFunction] = [])
    {
        self.name = name
        self.summary = summary
        self.style = style
        self.fields = fields
        self.functions = functions
    }

    /// How a function of this object is written, such as `session:reply`.
    public func qualifiedName(of function: APIFunction) -> String {
        name + (style == .dot ? "." : ":") + function.name
    }
}

/// An event that scripts can name.
public struct APIEvent: Sendable {
    public let name: String
    public let summary: String

    init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }
}
