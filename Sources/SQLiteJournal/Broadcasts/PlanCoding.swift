import Foundation
import Moonwire

/// A broadcast's plan as bytes. Members that a later release adds are ignored.
enum PlanCoding {
    static func encode(_ plan: BroadcastPlan) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Words and whole numbers; shares are finite.
        return (try? encoder.encode(plan)).map(Array.init) ?? []
    }

    static func decode(_ bytes: [UInt8]) throws -> BroadcastPlan {
        try JSONDecoder().decode(BroadcastPlan.self, from: Data(bytes))
    }
}
