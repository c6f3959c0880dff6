/// What a function made by `makeAsyncFunction` asks of the driver.
struct LuaAsyncRequest: Sendable {
    let arguments: [LuaValue]
    let body: @Sendable ([LuaValue]) async throws -> [LuaValue]
}

extension LuaState {
    /// Makes a function that waits for Swift: the script suspends, `body` runs, and its values come back as results.
    /// Runs that use it are driven by `LuaCoroutine.run`.
    public func makeAsyncFunction(
        _ name: String, _ body: @escaping @Sendable ([LuaValue]) async throws -> [LuaValue]
    ) -> LuaFunction {
        makeFunction(name, suspends: true) { call in
            .suspend(LuaAsyncRequest(arguments: try call.values(), body: body))
        }
    }
}

extension LuaCoroutine {
    /// Drives the run to its end. Requests of async functions are answered by themselves, all others by `answer`;
    /// what either throws is raised in the script. Lua is entered only on the caller's actor.
    ///
    /// A cancelled task ends the run where it waits, uncatchably.
    public func run(
        _ arguments: [LuaArgument] = [], isolation: isolated (any Actor)? = #isolation,
        answer: @Sendable (any Sendable) async throws -> [LuaValue] = { _ in throw LuaRaise.message("nobody answers") }
    ) async throws(LuaError) -> [LuaValue] {
        var step = start(arguments)
        while true {
            switch step {
            case .finished(let values):
                return values
            case .failed(let error):
                throw error
            case .suspended(let request):
                do {
                    let values =
                        if let request = request as? LuaAsyncRequest {
                            try await request.body(request.arguments)
                        } else {
                            try await answer(request)
                        }
                    step =
                        Task.isCancelled
                        ? resume(killing: CancellationError()) : resume(with: values.map { .value($0) })
                } catch {
                    step = resume(throwing: error)
                }
            }
        }
    }

    /// Raises what Swift threw, as the error it stands for.
    public func resume(throwing error: any Error) -> Step {
        switch error {
        case let object as LuaErrorObject: resume(raising: object)
        case LuaRaise.object(let object): resume(raising: object)
        case LuaRaise.message(let message): resume(raising: message)
        case LuaRaise.kill(let reason): resume(killing: reason)
        case is CancellationError: resume(killing: error)
        default: resume(raising: String(describing: error))
        }
    }
}
