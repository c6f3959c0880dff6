import EventJSON
import Moonwire
import Yams

extension ConfigurationReader {
    /// A free YAML tree as JSON, such as a script's settings. Texts get their `${NAME}` replaced.
    func json(_ node: Node, _ name: String) -> RawJSON {
        var writer = JSONWriter()
        write(node, name, to: &writer)
        return RawJSON(validated: writer.bytes)
    }

    private func write(_ node: Node, _ name: String, to writer: inout JSONWriter) {
        switch node {
        case .mapping:
            writer.beginObject()
            for (key, value) in mapping(node, name, known: nil) {
                writer.key(name: key)
                write(value, "\(name).\(key)", to: &writer)
            }
            writer.endObject()
        case .sequence(let sequence):
            writer.beginArray()
            for item in sequence { write(item, name, to: &writer) }
            writer.endArray()
        case .scalar(let scalar): write(scalar, node, name, to: &writer)
        case .alias:
            report(node, "'\(name)' uses an alias, which settings do not support")
            writer.null()
        }
    }

    private func write(_ scalar: Node.Scalar, _ node: Node, _ name: String, to writer: inout JSONWriter) {
        guard scalar.style == .plain || scalar.style == .any else {
            writer.value(string(node, name) ?? "")
            return
        }
        if let number = Int64(scalar.string) {
            writer.value(number)
        } else if let number = Double(scalar.string), number.isFinite, scalar.string.first != "+" {
            writer.value(number)
        } else {
            switch scalar.string {
            case "true": writer.value(true)
            case "false": writer.value(false)
            case "null", "~", "": writer.null()
            default: writer.value(string(node, name) ?? "")
            }
        }
    }
}
