import Foundation
import Moonwire
import MoonwireConfiguration

/// Which channel can carry which broadcast, before anything is sent.
struct BroadcastCheck {
    struct Entry {
        let plan: BroadcastPlan
        let folder: String

        var location: String { plan.location }
        var file: String { folder + "/" + (location.split(separator: ":").first.map(String.init) ?? location) }
        var line: Int? { location.split(separator: ":").last.flatMap { Int($0) } }
    }

    private(set) var findings: [Finding] = []
    /// One for each broadcast, for a person.
    private(set) var lines: [String] = []

    init(_ entries: [Entry], channels: [ChannelSection]) {
        let output = Terminal(.output)
        var places: [String: Entry] = [:]
        for entry in entries {
            let plan = entry.plan
            func find(_ message: String, isError: Bool = true) {
                findings.append(Finding(file: entry.file, line: entry.line, message: message, isError: isError))
            }
            if let other = places[plan.name] {
                find("the name '\(plan.name)' is taken by the broadcast at \(other.folder)/\(other.location)")
            }
            places[plan.name] = entry
            if case .csv(let path, _) = plan.audience, !FileManager.default.fileExists(atPath: path) {
                find("the broadcast '\(plan.name)' reads \(path), which is not there yet", isError: false)
            }
            let name = output.colour(plan.name, .cyan)
            guard !channels.isEmpty else { continue }
            guard let section = channels.first(where: { $0.name == plan.channel.rawValue }) else {
                let hint = NearestWord.hint(for: plan.channel.rawValue, in: channels.map(\.name))
                find("the broadcast '\(plan.name)' names the channel '\(plan.channel)', which is not configured\(hint)")
                continue
            }
            let channel = ChannelFactory.descriptor(of: section)
            if case .clients = plan.audience, !channel.capabilities.contains("clients") {
                find(
                    "the broadcast '\(plan.name)' is for the clients of '\(plan.channel)', which "
                        + "\(channel.platform.rawValue) cannot list in the \(channel.role.rawValue) role")
            }
            let route = BroadcastRoute(section)
            if case .none(let reason)? = route {
                find(
                    "the broadcast '\(plan.name)' can write to sessions that are there only: channel '\(plan.channel)': "
                        + reason, isError: false)
                continue
            }
            if let inbox = plan.inbox, case .notifications(let ways)? = route,
                !ways.contains(where: { $0.kind == .chat })
            {
                find(
                    "the broadcast '\(plan.name)' names the inbox '\(inbox)', and 'notifications' has no chat "
                        + "that could begin there")
            }
            if let problem = BroadcastReach.problemOfOpening(on: channel) {
                let canReply = channel.capabilities.contains("reply") && channel.role == .operator
                find(
                    "the broadcast '\(plan.name)' can write to "
                        + (canReply ? "sessions that are there only" : "nobody") + ": \(problem)", isError: !canReply)
            } else {
                let how = route.map(\.words) ?? "which can start conversations"
                lines.append("broadcast \(name): on \(plan.channel), \(how)")
            }
        }
    }
}
