/// Anything that can be handed to Lua: values by copy, and what lives in this state by reference.
public enum LuaArgument {
    case value(LuaValue)
    case object(LuaObject)
    case function(LuaFunction)
    /// A new host object, made as it is pushed.
    case new(LuaClass, LuaObjectContent)
    /// A list of any of these.
    case list([LuaArgument])
}

extension LuaArgument {
    public static func text(_ text: String) -> LuaArgument { .value(.text(text)) }
    public static func json(_ bytes: [UInt8]) -> LuaArgument { .value(.json(bytes)) }
    public static var `nil`: LuaArgument { .value(.nil) }
}

extension LuaArgument: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
    public init(nilLiteral: ()) { self = .value(.nil) }
    public init(booleanLiteral value: Bool) { self = .value(.boolean(value)) }
    public init(integerLiteral value: Int64) { self = .value(.integer(value)) }
    public init(floatLiteral value: Double) { self = .value(.number(value)) }
    public init(stringLiteral value: String) { self = .value(.text(value)) }
}
