import EventJSON

/// Tells what kind of frame bytes are, without looking into the payload.
final class CableFrameReader {
    private let parser = JSONParser()

    func read(_ bytes: [UInt8]) -> CableFrame {
        (try? parser.parse(bytes, Self.classify)) ?? .unknown
    }

    private static func classify(_ root: JSONElement) -> CableFrame {
        let identifier = root["identifier"]?.string
        guard let type = root["type"] else {
            guard let identifier, root["message"] != nil else { return .unknown }
            return .data(identifier: identifier)
        }
        if type.rawEquals("ping") { return .ping }
        if type.rawEquals("welcome") { return .welcome }
        if type.rawEquals("confirm_subscription"), let identifier { return .confirm(identifier: identifier) }
        if type.rawEquals("reject_subscription"), let identifier { return .reject(identifier: identifier) }
        if type.rawEquals("disconnect") {
            // Rails' own client comes back unless it is told not to.
            return .disconnect(reason: root["reason"]?.string ?? "", reconnect: root["reconnect"]?.bool ?? true)
        }
        return .unknown
    }
}
