import Foundation
import Moonwire

/// A broadcast's plan as bytes. Members that a later release adds are ignored.
enum PlanCoding {
    /// `nil` for what JSON cannot say, such as a share that is no number.
    static func encode(_ plan: BroadcastPlan) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(plan)).map(Array.init)
    }

    /// `nil` for a plan of another release that this one does not understand.
    static func decode(_ bytes: [UInt8]) -> BroadcastPlan? {
        try? JSONDecoder().decode(BroadcastPlan.self, from: Data(bytes))
    }
}

extension BroadcastPlan {
    /// Stands for a plan that cannot be read, with what the ledger says beside it.
    static func unreadable(name: String, topic: String, version: String) -> BroadcastPlan {
        BroadcastPlan(
            name: name, script: "", version: version, channel: "", topic: topic, audience: .script,
            message: .template(""))
    }
}
