/// What a host object holds when it is made.
public struct LuaObjectContent {
    /// A field that is set by itself, over what `fields` says.
    public enum Field {
        case value(LuaArgument)
        /// JSON that is decoded when the field is first read.
        case json([UInt8])
    }

    /// The host's own number for the object. Objects of one class with the same handle (other than 0) are equal in Lua.
    public var handle: Int64
    /// What `tostring` gives; the class name if `nil`.
    public var label: String?
    /// A JSON object with the fields, decoded when a field is first read.
    public var fields: [UInt8]?
    public var overrides: [(name: String, field: Field)]

    public init(
        handle: Int64 = 0, label: String? = nil, fields: [UInt8]? = nil,
        overrides: [(name: String, field: Field)] = []
    ) {
        self.handle = handle
        self.label = label
        self.fields = fields
        self.overrides = overrides
    }
}
