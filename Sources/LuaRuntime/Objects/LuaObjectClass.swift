/// The description of a class of host objects: what scripts may read and call.
///
/// Reading a name that is neither a member nor a field is an error that names the nearest right word. A known field
/// that an object does not have reads as nil. Objects are read-only to scripts; `pairs` visits their fields in order.
public struct LuaObjectClass {
    /// A function of the class.
    public struct Member {
        public typealias Body = (LuaCall) throws -> LuaReturn

        let name: String
        let isMethod: Bool
        let suspends: Bool
        let body: Body

        /// `object:name(...)`. The call's `object` is the receiver, and argument 1 is the first after it.
        /// `suspends` must be true if `body` ever returns `.suspend`.
        public static func method(_ name: String, suspends: Bool = false, _ body: @escaping Body) -> Member {
            Member(name: name, isMethod: true, suspends: suspends, body: body)
        }

        /// `object.name(...)`, for objects that are namespaces.
        public static func function(_ name: String, suspends: Bool = false, _ body: @escaping Body) -> Member {
            Member(name: name, isMethod: false, suspends: suspends, body: body)
        }
    }

    public var name: String
    public var fields: [String]
    public var members: [Member]

    public init(name: String, fields: [String] = [], members: [Member] = []) {
        self.name = name
        self.fields = fields
        self.members = members
    }
}

/// A class of host objects in one state.
public final class LuaClass {
    public let name: String
    let id: Int64
    /// The names that read as nil when absent.
    let fields: [String]
    let reference: LuaRegistryReference

    init(name: String, id: Int64, fields: [String], reference: LuaRegistryReference) {
        self.name = name
        self.id = id
        self.fields = fields
        self.reference = reference
    }
}
