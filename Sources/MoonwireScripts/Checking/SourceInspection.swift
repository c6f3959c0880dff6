import LuaRuntime

/// What can be told of a source file without running it.
struct SourceInspection {
    let file: String
    let usage: LuaUsage
    let names: KnownNames

    var diagnostics: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return (globals + members + fileVariables).filter { seen.insert($0).inserted }
            .sorted { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    private func finding(_ severity: Diagnostic.Severity, _ line: Int, _ message: String) -> Diagnostic {
        Diagnostic(severity: severity, file: file, line: line, message: message)
    }

    /// Reading and assigning globals that are not there.
    private var globals: [Diagnostic] {
        let reads = usage.reads.compactMap { read -> Diagnostic? in
            guard read.value == LuaOrigin(.globals) else { return nil }
            let locals = usage.functions[read.function].locals
            return names.problem(global: read.member, locals: locals).map { finding(.error, read.line, $0) }
        }
        let writes = usage.writes.compactMap { write -> Diagnostic? in
            guard write.target.root == .globals, write.target.path.count == 1, let name = write.target.path[0]
            else { return nil }
            var isFunction = false
            if case .function? = write.value?.root { isFunction = true }
            return finding(.error, write.line, names.problem(assigning: name, isFunction: isFunction))
        }
        return reads + writes
    }

    /// Members that the libraries, `bot` and the objects of handlers do not have, and assignments to any of theirs.
    private var members: [Diagnostic] {
        let parameters = HandlerParameters(usage)
        let reads = usage.reads.compactMap { read -> Diagnostic? in
            if let type = type(of: read.value, parameters) {
                return names.problem(read.member, of: type).map { finding(.error, read.line, $0) }
            }
            guard read.isMethod, let object = suggestedObject(read.value) else { return nil }
            return names.problem(read.member, of: .object(object)).map { finding(.warning, read.line, $0) }
        }
        let writes = usage.writes.compactMap { write -> Diagnostic? in
            guard case let name?? = write.target.path.last,
                case .object(let object)? = type(
                    of: LuaOrigin(write.target.root, write.target.path.dropLast()), parameters)
            else { return nil }
            return finding(.error, write.line, "cannot assign to field '\(name)': a \(object.name) is read-only")
        }
        return reads + writes
    }

    private func type(of value: LuaOrigin, _ parameters: HandlerParameters) -> ValueType? {
        switch value.root {
        case .globals: names.type(of: value.path[...])
        case .parameter(let function, let index):
            parameters.object(function: function, index: index)?.type(at: value.path[...])
        case .variable, .function, .text: nil
        }
    }

    /// What a parameter of any function is by its name.
    private func suggestedObject(_ value: LuaOrigin) -> APIObject? {
        guard case .parameter(let function, let index) = value.root, value.path.isEmpty,
            usage.functions[function].parameters.indices.contains(index)
        else { return nil }
        return HandlerParameters.object(named: usage.functions[function].parameters[index])
    }
}
