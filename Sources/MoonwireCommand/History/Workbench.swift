import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireConfiguration
import MoonwireScripts

/// What it takes to execute scripts over what a journal holds: the configured loader, and nothing that is connected.
struct Workbench {
    let configuration: HostConfiguration

    init(_ configuration: HostConfiguration) {
        self.configuration = configuration
    }

    /// Reads the configuration; a file that is not there counts as an empty one where the journal is named by itself.
    init(_ options: JournalOptions) throws {
        if options.path != nil, !FileManager.default.fileExists(atPath: options.config) {
            configuration = HostConfiguration()
        } else {
            configuration = try Complaint.wrongInput { try HostConfiguration.load(path: options.config) }
        }
    }

    var channels: [ChannelDescriptor] {
        configuration.channels.map { section in
            ChannelFactory.descriptor(of: section)
        }
    }

    /// What scripts log is left out: they have said it before, or nobody asked for it.
    var loader: LuaScriptLoader {
        ScriptFiles.loader(
            configuration, channels: channels, logger: Logger(label: "workbench") { _ in SwiftLogNoOpLogHandler() })
    }
}
