import LuaRuntime
public import Moonwire

/// What is wrong, or worth knowing, about a script before it runs.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    public enum Severity: String, Sendable {
        case error
        case warning
    }

    public let severity: Severity
    /// Relative to the script's folder; empty when it is about the script as a whole.
    public let file: String
    public let line: Int?
    /// Without the position.
    public let message: String

    public init(severity: Severity, file: String, line: Int?, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.message = message
    }

    public var description: String {
        let place = line.map { "\(file):\($0): " } ?? (file.isEmpty ? "" : file + ": ")
        return place + (severity == .error ? "" : "\(severity.rawValue): ") + message
    }
}

/// The result of a check.
public struct ScriptReport: Sendable {
    public let diagnostics: [Diagnostic]
    /// What the script registers; empty when it does not load.
    public let handlers: [HandlerDescriptor]
    public let broadcasts: [BroadcastPlan]

    public var isLoadable: Bool { !diagnostics.contains { $0.severity == .error } }
}

extension LuaScriptLoader {
    /// Loads a script without running any handler, reads what its functions would do, and tells what is wrong with it.
    public func check(_ sources: ScriptSources) -> ScriptReport {
        do {
            let script = try LuaScript(sources, environment)
            var failure: Diagnostic?
            do throws(ScriptFailure) { try script.load() } catch { failure = Diagnostic(error) }
            let findings = inspect(sources, names: KnownNames(script.state)).filter { finding in
                // What the load has failed of, the inspection may have met as well.
                finding.file != failure?.file || finding.line != failure?.line || finding.severity != .error
            }
            let diagnostics = (failure.map { [$0] } ?? warnings(script)) + findings
            guard failure == nil else { return ScriptReport(diagnostics: diagnostics, handlers: [], broadcasts: []) }
            return ScriptReport(
                diagnostics: diagnostics, handlers: script.handlers,
                broadcasts: script.broadcasts)
        } catch {
            return ScriptReport(diagnostics: [Diagnostic(error)], handlers: [], broadcasts: [])
        }
    }

    /// Reads the files that the script names. Those that came along because some `require` computes its name may belong
    /// to something else.
    private func inspect(_ sources: ScriptSources, names: KnownNames) -> [Diagnostic] {
        guard let state = try? LuaState() else { return [] }
        return ScriptBundle.named(in: sources).flatMap { file -> [Diagnostic] in
            do throws(LuaError) {
                guard let usage = try state.usage(of: sources.files[file] ?? "", file: file) else { return [] }
                return SourceInspection(file: file, usage: usage, names: names).diagnostics
            } catch {
                return [Diagnostic(ScriptFailure(error))]
            }
        }
    }

    private func warnings(_ script: LuaScript) -> [Diagnostic] {
        guard script.handlers.isEmpty, script.registrations.broadcasts.isEmpty else { return [] }
        return [
            Diagnostic(
                severity: .warning, file: script.sources.entry, line: nil,
                message: "the script registers no handler: nothing will ever run")
        ]
    }
}

extension Diagnostic {
    /// Takes `file:line: ` off the failure's message.
    init(_ failure: ScriptFailure) {
        let parts = failure.message.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3, parts[0].hasSuffix(".lua"), let line = Int(parts[1]) {
            self.init(
                severity: .error, file: String(parts[0]), line: line,
                message: String(parts[2].drop(while: \.isWhitespace)))
        } else {
            self.init(severity: .error, file: "", line: nil, message: failure.message)
        }
    }
}
