import LuaRuntime
import Synchronization
import Testing

/// Runs `source` in a state, or a fresh one, and gives what it returns.
@discardableResult
func evaluate(_ source: String, in state: LuaState? = nil, file: String = "test.lua") throws -> [LuaValue] {
    let state = try state ?? LuaState()
    return try state.load(source, file: file).call()
}

/// The error that `source` ends with.
func failure(of source: String, in state: LuaState? = nil, file: String = "test.lua") throws -> LuaError {
    let state = try state ?? LuaState()
    do {
        let values = try state.load(source, file: file).call()
        throw Unexpected("it returned \(values)")
    } catch let error as LuaError {
        return error
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A state with `wait(request)`, which suspends, and helpers that unwrap a step.
struct ScriptHarness {
    let state: LuaState

    init(_ configuration: LuaConfiguration = LuaConfiguration()) throws {
        state = try LuaState(configuration)
        state.setGlobal(
            "wait",
            state.makeFunction("wait", suspends: true) { call in
                .suspend(call.string(at: 1) ?? "")
            })
        state.setGlobal("kill", state.makeFunction("kill") { _ in throw LuaRaise.kill(Unexpected("killed")) })
    }

    func run(_ source: String, file: String = "test.lua", seed: UInt64 = 0, now: Int64 = 0) throws -> LuaCoroutine {
        try state.makeCoroutine(state.load(source, file: file), seed: seed, now: now)
    }

    /// Runs to the end; each wait is answered by `answer`.
    func finish(_ source: String, answer: (String) -> LuaArgument = { .text($0 + "!") }) throws -> [LuaValue] {
        let run = try run(source)
        var step = run.start()
        while true {
            switch step {
            case .finished(let values): return values
            case .failed(let error): throw error
            case .suspended(let request): step = run.resume(with: [answer(request as? String ?? "")])
            }
        }
    }
}

extension LuaCoroutine.Step {
    var request: String? {
        if case .suspended(let request) = self { request as? String } else { nil }
    }

    var values: [LuaValue]? {
        if case .finished(let values) = self { values } else { nil }
    }

    var error: LuaError? {
        if case .failed(let error) = self { error } else { nil }
    }
}

/// Lines that a script printed.
final class LineLog: Sendable {
    private let stored = Mutex<[String]>([])
    var lines: [String] { stored.withLock { $0 } }
    func append(_ line: String) { stored.withLock { $0.append(line) } }
}

extension LuaConfiguration {
    /// Limits that a test reaches quickly.
    static var small: LuaConfiguration {
        var configuration = LuaConfiguration()
        configuration.cpuBudget = .milliseconds(20)
        configuration.scriptName = "small.lua"
        return configuration
    }
}
