import LuaRuntime
import Moonwire

/// What scripts may name, and the sentences for what they may not: those that the runtime would say.
struct KnownNames {
    let globals: [String]
    /// The functions of the global libraries.
    let libraries: [String: [String]]

    /// - Parameter state: one that a script runs in, with `bot` in place.
    init(_ state: LuaState) {
        globals = state.globalNames
        libraries = Dictionary(
            uniqueKeysWithValues: globals.filter { $0 != "_G" }.compactMap { name in
                state.memberNames(ofGlobal: name).map { (name, $0) }
            })
    }

    /// - Parameter locals: what the name may be a slip of as well.
    func problem(global name: String, locals: Set<String>) -> String? {
        guard !globals.contains(name) else { return nil }
        // Names such as _VERSION are nobody's slip.
        let candidates = (locals.sorted() + globals).filter { !$0.hasPrefix("_") }
        return "unknown global '\(name)'" + NearestWord.hint(for: name, in: candidates)
    }

    func problem(assigning name: String, isFunction: Bool) -> String {
        globals.contains(name)
            ? "cannot replace the global '\(name)'"
            : "cannot assign to global '\(name)'; write 'local \(isFunction ? "function " : "")\(name)'"
    }

    func problem(_ name: String, of type: ValueType) -> String? {
        switch type {
        case .library(let library):
            let members = libraries[library, default: []]
            guard !members.contains(name) else { return nil }
            return "'\(library)' has no function '\(name)'" + NearestWord.hint(for: name, in: members)
        case .object(let object):
            guard object.member(name) == nil else { return nil }
            return "\(object.name) has no field '\(name)'" + NearestWord.hint(for: name, in: object.memberNames)
        }
    }

    /// What a value is, followed from a global.
    func type(of path: ArraySlice<String?>) -> ValueType? {
        guard case let name?? = path.first else { return nil }
        if libraries[name] != nil { return path.count == 1 ? .library(name) : nil }
        return LuaAPI.object(name)?.type(at: path.dropFirst())
    }
}

/// A kind of value whose members are known.
enum ValueType {
    case library(String)
    case object(APIObject)
}

extension APIObject {
    var memberNames: [String] { fields.map(\.name) + functions.map(\.name) }

    func member(_ name: String) -> String? { memberNames.first { $0 == name } }

    /// What is found by following fields; `nil` where that is not an object of the schema.
    func type(at path: ArraySlice<String?>) -> ValueType? {
        guard let first = path.first else { return .object(self) }
        guard let field = fields.first(where: { $0.name == first }),
            let name = field.type.split(separator: "|").first
        else { return nil }
        return LuaAPI.object(String(name))?.type(at: path.dropFirst())
    }
}
