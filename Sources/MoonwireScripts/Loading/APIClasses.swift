import LuaRuntime

/// The schema's objects as classes of one Lua state.
final class APIClasses {
    private var byName: [String: LuaClass] = [:]
    private let script = ScriptReference()

    /// Unowned, because the script holds the state that holds the functions, and nothing else does.
    private final class ScriptReference {
        unowned var script: LuaScript?
    }

    init(_ state: LuaState) throws(LuaError) {
        let reference = script
        func makeClass(_ object: APIObject) throws(LuaError) -> LuaClass {
            var members: [LuaObjectClass.Member] = []
            for function in object.functions {
                let name = object.qualifiedName(of: function)
                guard let implementation = APIFunctions.all[name] else { continue }
                let suspends = function.isStep
                let bound = BoundFunction(function, name: name)
                let body: LuaObjectClass.Member.Body = { lua in
                    guard let script = reference.script else { throw LuaRaise.message("\(name): the script is gone") }
                    try script.permit(bound.effect, bound.name)
                    return try implementation(try APICall(script, lua, bound))
                }
                members.append(
                    object.style == .dot
                        ? .function(function.name, suspends: suspends, body)
                        : .method(function.name, suspends: suspends, body))
            }
            return try state.makeClass(
                LuaObjectClass(name: object.name, fields: object.fields.map(\.name), members: members))
        }
        for object in LuaAPI.objects { byName[object.name] = try makeClass(object) }
        otherSession = try makeClass(LuaAPI.session)
        otherClient = try makeClass(LuaAPI.client)
        guard let session = byName["session"], let client = byName["client"], let seat = byName["operator"],
            let event = byName["event"], let message = byName["message"]
        else { throw LuaError(.runtime, message: "the schema lacks an object") }
        (self.session, self.client, self.operatorSeat, self.event, self.message) = (
            session, client, seat, event, message
        )
    }

    // Looked up for every event.
    let session: LuaClass
    let client: LuaClass
    let operatorSeat: LuaClass
    let event: LuaClass
    let message: LuaClass
    /// Sessions and clients that are not the run's own. Each has a store of its own instead of the class's.
    let otherSession: LuaClass
    let otherClient: LuaClass

    subscript(name: String) -> LuaClass? { byName[name] }

    func fill(for script: LuaScript) {
        self.script.script = script
        // One store for all objects of a class, because its scope follows the run.
        for (owner, store) in [(session, "session.store"), (client, "client.store")] {
            guard let store = byName[store] else { continue }
            script.state.setMember("store", of: owner, to: .new(store, LuaObjectContent()))
        }
    }
}

extension APIFunction {
    var isStep: Bool { if case .step = effect { true } else { false } }
}

extension LuaScript {
    /// Refuses what has no place in the present phase.
    func permit(_ effect: APIEffect, _ name: String) throws(LuaRaise) {
        switch (effect, phase) {
        case (.pure, _), (.registers, .loading), (.run, .running), (.run, .filtering), (.step, .running): return
        case (.run, .writing) where name == "bot.now": return
        case (.registers, _):
            throw .message("\(name) registers: only the top level of a file may call it, not a handler")
        case (.step, .writing), (.run, .writing):
            throw .message("\(name) leaves the script, which the message function of a broadcast may not do")
        case (.step, .filtering):
            throw .message("\(name) leaves the script, which a pure function such as 'where' may not do")
        case (.run, _), (.step, _):
            throw .message("\(name) works inside handlers; the top level of a file only registers")
        }
    }

    /// The object `bot`, with its namespaces.
    func makeBot() throws(LuaError) -> LuaObject {
        guard let botClass = classes["bot"] else { throw LuaError(.runtime, message: "the schema has no bot") }
        let object = try state.makeObject(botClass)
        for name in ["store", "http", "json", "log", "metric", "text", "stop"] {
            guard let namespace = classes["bot." + name] else { continue }
            object.set(name, .value(.new(namespace, LuaObjectContent())))
        }
        let undeclared = try state.makeClass(LuaObjectClass(name: "bot.config"))
        object.set("config", .value(.new(undeclared, LuaObjectContent())))
        bot = object
        return object
    }
}
