import CurlHTTP
import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireConfiguration
import MoonwireScripts
import SQLiteJournal

/// Everything that one process runs, put together from a configuration.
struct Host {
    let engine: Engine
    let journal: any Journal
    let scripts: [ScriptSources]
    let loader: LuaScriptLoader

    /// - Parameter onReplayDifference: with it, every step of every run is rebuilt in a fresh state and compared.
    /// - Throws: `ConfigurationError`, `ScriptFailure`, `JournalError` or `HostError`, each with a sentence for a
    ///   person.
    init(
        _ configuration: HostConfiguration, logs: LogSetup, observer: EngineObserver? = nil,
        journal givenJournal: (any Journal)? = nil,
        onReplayDifference: (@Sendable (ReplayDifference) -> Void)? = nil
    ) throws {
        scripts = try ScriptFiles.load(configuration.scripts)
        let journal: any Journal
        if let givenJournal {
            journal = givenJournal
        } else {
            journal = try SQLiteJournal(
                path: configuration.journal.path,
                durability: configuration.journal.durability == .power ? .power : .process)
        }
        self.journal = journal
        let stateFolder = URL(fileURLWithPath: configuration.journal.path).deletingLastPathComponent()
        let channels = try ChannelFactory(logger: logs.logger("moonwire.channel"), stateFolder: stateFolder)
            .channels(configuration.channels)
        let outbound = try HTTPClient(
            configuration: HTTPClientConfiguration(
                denyPrivateAddresses: true, allowedPrivateHosts: Set(configuration.http.allowPrivate)))
        let descriptors = channels.map(\.channel.descriptor)
        let loader = ScriptFiles.loader(
            configuration, channels: descriptors, logger: logs.logger("moonwire.script"))
        self.loader = loader
        let checkingLoader = onReplayDifference.map { report in
            let silent = Logger(label: "moonwire.script") { _ in SwiftLogNoOpLogHandler() }
            return ReplayCheckingLoader(
                loader, rebuilding: ScriptFiles.loader(configuration, channels: descriptors, logger: silent),
                report: report)
        }
        engine = Engine(
            channels: channels, journal: journal, loader: checkingLoader ?? loader,
            outbound: ScriptHTTP(client: outbound, allow: configuration.http.allow + configuration.http.allowPrivate),
            settings: configuration.engine,
            observer: observer ?? EngineLog(logger: logs.logger("moonwire.engine")).observer,
            logger: logs.logger("moonwire"))
    }
}
