import Logging
import Moonwire

/// Writes what the engine tells into the log, with channel, session and run on each line.
struct EngineLog: Sendable {
    let logger: Logger

    var observer: EngineObserver {
        EngineObserver(isDetailed: logger.logLevel <= .debug) { notice in log(notice) }
    }

    /// Tells somebody else too, in full detail.
    func observer(and other: @escaping @Sendable (EngineNotice) -> Void) -> EngineObserver {
        EngineObserver { notice in
            log(notice)
            other(notice)
        }
    }

    private func log(_ notice: EngineNotice) {
        switch notice {
        case .runStarted(let run, let event):
            logger.debug("Run started", metadata: of(run).merging(["event": "\(event.name)"]) { $1 })
        case .stepped(let run, let request, let number):
            logger.debug(
                "Step", metadata: of(run).merging(["step": "\(number)", "kind": "\(request.kind)"]) { $1 })
        case .stepEnded(let run, let number, _):
            logger.debug("Step ended", metadata: of(run).merging(["step": "\(number)"]) { $1 })
        case .runEnded(let run, let end):
            logger.debug("Run ended", metadata: of(run).merging(["state": "\(end.state.rawValue)"]) { $1 })
        case .unmatched(let event):
            logger.debug(
                "No handler wants the event",
                metadata: ["channel": "\(event.channel)", "session": "\(event.sessionID.id)", "event": "\(event.name)"])
        case .scriptFailed(let run, let failure):
            logger.error("A script failed", metadata: of(run).merging(["error": "\(failure)"]) { $1 })
        case .replayDiffered(let run, let message):
            logger.error("A run cannot be continued", metadata: of(run).merging(["error": "\(message)"]) { $1 })
        case .fateUnknown(let run, let number, let message):
            logger.error(
                "An effect's fate is unknown",
                metadata: of(run).merging(["step": "\(number)", "error": "\(message)"]) { $1 })
        case .runGrows(let run, let message):
            logger.warning("A run grows large", metadata: of(run).merging(["what": "\(message)"]) { $1 })
        case .loopStopped(let run):
            logger.error("The loop guard stopped a session", metadata: of(run))
        case .journalRefused(let error):
            logger.critical(
                "The journal cannot take what runs recorded; they stand still until the host is started again",
                metadata: ["error": "\(error)"])
        case .journalUnreadable(let error):
            logger.critical("Waiting runs cannot be read from the journal", metadata: ["error": "\(error)"])
        case .channelFailed(let channel, let error):
            logger.error("The channel cannot go on", metadata: ["channel": "\(channel)", "error": "\(error)"])
        case .broadcast(let record):
            logger.info("Broadcast", metadata: Self.figures(of: record))
        case .broadcastFailed(let record, let error):
            logger.error(
                "A broadcast cannot go on now", metadata: Self.figures(of: record).merging(["error": "\(error)"]) { $1 }
            )
        case .handlerSkipped(let script, let failure):
            logger.error(
                "A filter's where function failed; its handler was skipped",
                metadata: ["script": "\(script)", "error": "\(failure)"])
        }
    }

    private static func figures(of record: BroadcastRecord) -> Logger.Metadata {
        let counts = record.counts
        var figures: Logger.Metadata = [
            "broadcast": "\(record.plan.name)", "key": "\(record.key)", "state": "\(record.state.word)",
            "channel": "\(record.plan.channel)", "audience": "\(counts.total)",
        ]
        for state in RecipientState.allCases { figures[state.word] = "\(counts[state])" }
        if let reason = record.reason { figures["reason"] = "\(brief(reason))" }
        return figures
    }

    /// Why a broadcast stands still, as a log may have it: what went wrong and where in a script, without the rest of an
    /// error, which may hold a row of the audience. The report of the broadcast says it in full.
    static func brief(_ reason: String) -> String {
        if reason.hasPrefix("stop_if: ") { return reason }
        let place = reason.firstMatch(of: /[A-Za-z0-9_.\/-]+\.lua:[0-9]+/).map { String($0.output) }
        let kind = reason.prefix { $0 != ":" && !$0.isNewline }.prefix(120)
        guard let place else { return String(kind) }
        return kind.hasSuffix(".lua") ? "a script failed at \(place)" : "\(kind) at \(place)"
    }

    private func of(_ run: RunRecord) -> Logger.Metadata {
        [
            "channel": "\(run.session.channel)", "session": "\(run.session.id)", "run": "\(run.id)",
            "script": "\(run.script)",
        ]
    }
}
