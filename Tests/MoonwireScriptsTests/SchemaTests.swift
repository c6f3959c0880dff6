import LuaRuntime
import Testing

@testable import MoonwireScripts

struct SchemaTests {
    @Test func everyFunctionOfTheSchemaIsImplementedAndNoOther() {
        let names = LuaAPI.objects.flatMap { object in object.functions.map(object.qualifiedName) }
        #expect(Set(names) == Set(APIFunctions.all.keys))
        #expect(Set(names).count == names.count)
    }

    @Test func everyTextIsASentence() {
        for object in LuaAPI.objects {
            #expect(object.summary.hasSuffix("."), "\(object.name)")
            for function in object.functions {
                #expect(function.summary.hasSuffix("."), "\(object.qualifiedName(of: function))")
                for parameter in function.parameters { #expect(parameter.summary.hasSuffix(".")) }
            }
        }
    }

    @Test func defaultsAreWhatTheirTypesSay() {
        for function in LuaAPI.objects.flatMap(\.functions) {
            for parameter in function.parameters.flatMap(withMembers) {
                guard let value = parameter.defaultValue else { continue }
                #expect(
                    TypeCheck.problem(LuaValue(value), parameter.type, at: parameter.name) == nil,
                    "\(function.name) \(parameter.name)")
            }
        }
    }

    private func withMembers(_ parameter: APIParameter) -> [APIParameter] {
        if case .options(let members) = parameter.type { return [parameter] + members.flatMap(withMembers) }
        return [parameter]
    }
}
