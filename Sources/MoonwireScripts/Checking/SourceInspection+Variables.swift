import LuaRuntime

extension SourceInspection {
    /// File-level variables that functions change after the file has been loaded.
    var fileVariables: [Diagnostic] {
        let loading = usage.loadTimeFunctions
        var changes: [Int: Change] = [:]
        for change in assignments + libraryCalls where !loading.contains(change.function) {
            guard usage.variables[change.variable].isFileLevel else { continue }
            changes[change.variable, default: change].lines.formUnion(change.lines)
        }
        return changes.sorted { $0.key < $1.key }.compactMap { variable, change in
            guard let first = change.lines.min() else { return nil }
            return Diagnostic(
                severity: .warning, file: file, line: first,
                message: Self.sentence(usage.variables[variable], change, first: first))
        }
    }

    private struct Change {
        let variable: Int
        let function: Int
        /// Whether the variable stays and the table in it changes.
        let isInside: Bool
        var lines: Set<Int>
    }

    private static func sentence(_ variable: LuaUsage.Variable, _ change: Change, first: Int) -> String {
        let others = change.lines.subtracting([first]).sorted()
        let shown = others.prefix(3).map(String.init).joined(separator: ", ")
        let also = others.isEmpty ? "" : ", also in line \(shown)\(others.count > 3 ? ", …" : "")"
        return "the function writes \(change.isInside ? "into" : "to") the file-level variable '\(variable.name)' "
            + "(declared in line \(variable.line))\(also): each lane has its own copy, a reload clears it, and what a run "
            + "decides by it cannot be replayed. Keep what must last in bot.store"
    }

    private var assignments: [Change] {
        usage.writes.compactMap { write in
            guard case .variable(let variable) = write.target.root else { return nil }
            return Change(
                variable: variable, function: write.function, isInside: !write.target.path.isEmpty, lines: [write.line])
        }
    }

    /// Tables changed by `table.insert` and its like.
    private var libraryCalls: [Change] {
        usage.calls.compactMap { call in
            guard call.callee.root == .globals, let position = Self.changedArgument(of: call),
                case .variable(let variable)?? = call.arguments[safe: position]?.map(\.root)
            else { return nil }
            return Change(variable: variable, function: call.function, isInside: true, lines: [call.line])
        }
    }

    private static func changedArgument(of call: LuaUsage.Call) -> Int? {
        switch call.callee.path {
        case ["table", "insert"], ["table", "remove"], ["table", "sort"], ["rawset"]: 0
        case ["table", "move"]: call.arguments.count > 4 ? 4 : 0
        default: nil
        }
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
