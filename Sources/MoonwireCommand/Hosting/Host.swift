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

    /// - Throws: `ConfigurationError`, `ScriptFailure`, `JournalError` or `HostError`, each with a sentence for a
    ///   person.
    init(
        _ configuration: HostConfiguration, logs: LogSetup, observer: EngineObserver? = nil,
        journal givenJournal: (any Journal)? = nil
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
        loader = ScriptFiles.loader(
            configuration, channels: channels.map(\.channel.descriptor), logger: logs.logger("moonwire.script"))
        engine = Engine(
            channels: channels, journal: journal, loader: loader,
            outbound: ScriptHTTP(client: outbound, allow: configuration.http.allow + configuration.http.allowPrivate),
            settings: configuration.engine,
            observer: observer ?? EngineLog(logger: logs.logger("moonwire.engine")).observer,
            logger: logs.logger("moonwire"))
    }
}
