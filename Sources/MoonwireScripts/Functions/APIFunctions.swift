import Logging
import LuaRuntime
import Moonwire

/// What the functions of the schema do, by qualified name.
enum APIFunctions {
    typealias Implementation = @Sendable (APICall) throws -> LuaReturn

    static let all: [String: Implementation] = {
        var all: [String: Implementation] = [:]
        for table in [
            registering, services, json, log, text, http, stores, replies, asking, waiting, steering, reading, client,
            channels, jobs, webhooks, relaying, broadcasts, metrics,
        ] {
            all.merge(table) { first, _ in first }
        }
        return all
    }()
}

extension APICall {
    /// The run that calls. The phase has been checked; outside of a run this is an error all the same.
    func run() throws -> ScriptRun {
        guard case .running(let run) = script.phase else { throw complaint("works only inside a handler") }
        return run
    }

    /// The run, of whose own session the method was called on.
    func runOfReceiver() throws -> ScriptRun {
        let run = try run()
        guard lua.handle == run.handle else {
            guard lua.handle < 0 else { throw strangeObject }
            throw complaint("a run waits for its own session only; handle the other session's events with bot.on")
        }
        return run
    }

    var strangeObject: LuaRaise {
        complaint("this object belongs to another run; a run may use only what it was given (keep ids, not objects)")
    }

    func suspend(
        _ action: StepRequest.Action, _ arguments: CanonicalArguments, session: SessionID?, _ reader: OutcomeReader,
        in run: ScriptRun, for receiver: LuaObject? = nil
    ) -> LuaReturn {
        run.reader = reader
        run.receiver = receiver
        // Kept by the run: what the suspension itself carries would have to be boxed.
        run.request = StepRequest(
            kind: name, action: action, session: session, arguments: arguments.json, location: location)
        return .suspend(true)
    }

    /// Suspends for an effect on the receiver's session, unless the channel lacks it: then it raises `unsupported`, or
    /// does nothing where that is the platform's best.
    func perform(
        _ effect: ChannelEffect, _ arguments: CanonicalArguments, _ reader: OutcomeReader = .nothing,
        needs capability: String? = nil
    ) throws -> LuaReturn {
        let target = try target()
        guard try isSupported(capability ?? function.capability, on: target.channel) else { return .nothing }
        return suspend(
            .channel(effect), arguments, session: target.session, reader, in: target.run, for: target.receiver)
    }

    /// `false` for what is left out in silence.
    func isSupported(_ capability: String?, on channel: ChannelID) throws -> Bool {
        guard let capability, let channel = script.environment.channels[channel],
            !channel.capabilities.contains(capability)
        else { return true }
        if channel.bestEffort.contains(capability) {
            script.log(.debug, "\(name) is left out: \(channel.platform.rawValue) has no such thing", location)
            return false
        }
        let others = channel.capabilities.sorted().joined(separator: ", ")
        throw LuaErrorObject(
            code: "unsupported",
            message: "\(location): \(name) is not possible on \(channel.platform.rawValue) in the "
                + "\(channel.role.rawValue) role; channel '\(channel.id)' offers \(others)")
    }
}
