import Foundation
import Moonwire
import Yams

/// Reads a YAML tree strictly: every problem is kept with its line, and the reading goes on, so that a person sees all
/// of them at once.
final class ConfigurationReader {
    let directory: URL
    private let environment: [String: String]
    private(set) var problems: [ConfigurationError.Problem] = []

    init(directory: URL, environment: [String: String]) {
        self.directory = directory
        self.environment = environment
    }

    func report(_ node: Node?, _ message: String) {
        problems.append(ConfigurationError.Problem(line: node?.mark?.line, message: message))
    }

    /// Ends the reading.
    ///
    /// - Throws: All problems by line, if there are any.
    func finish(_ file: String) throws(ConfigurationError) {
        guard !problems.isEmpty else { return }
        throw ConfigurationError(file: file, problems: problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }

    /// The members of a mapping by key.
    func mapping(_ node: Node, _ name: String, known: Set<String>?) -> [(key: String, node: Node)] {
        guard case .mapping(let mapping) = node else {
            report(node, "'\(name)' must be a mapping of keys to values")
            return []
        }
        var seen: Set<String> = []
        var members: [(key: String, node: Node)] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                report(key, "a key of '\(name)' must be a word")
                continue
            }
            guard seen.insert(scalar.string).inserted else {
                report(key, "'\(scalar.string)' stands twice in '\(name)'")
                continue
            }
            if let known, !known.contains(scalar.string) {
                let hint = NearestWord.to(scalar.string, in: known.sorted()).map { "; did you mean '\($0)'?" }
                report(
                    key,
                    "unknown key '\(scalar.string)' in '\(name)'"
                        + (hint ?? "; known are " + known.sorted().joined(separator: ", ")))
                continue
            }
            members.append((scalar.string, value))
        }
        return members
    }

    /// A text with `${NAME}` and `${NAME:-default}` replaced from the environment.
    func string(_ node: Node, _ name: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report(node, "'\(name)' must be a text")
            return nil
        }
        return expand(scalar.string, node)
    }

    private func expand(_ text: String, _ node: Node) -> String? {
        var result = ""
        var rest = Substring(text)
        while let start = rest.range(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest.range(of: "}", range: start.upperBound..<rest.endIndex) else {
                report(node, "a '${' without its '}'")
                return nil
            }
            let parts = rest[start.upperBound..<end.lowerBound].split(
                separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts.first ?? "")
            if let value = environment[name], !value.isEmpty {
                result += value
            } else if parts.count == 2 {
                result += parts[1]
            } else {
                report(node, "the environment variable \(name) is not set")
                return nil
            }
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    /// A secret: a text, or `{ file: path }` with the path relative to the configuration file.
    func secret(_ node: Node, _ name: String) -> Secret? {
        guard case .mapping = node else { return string(node, name).map(Secret.init) }
        var path: String?
        for (key, value) in mapping(node, name, known: ["file"]) where key == "file" {
            path = string(value, name + ".file")
        }
        guard let path else {
            report(node, "'\(name)' needs a text, or 'file' with the path of a file that holds it")
            return nil
        }
        do {
            let text = try String(contentsOf: url(path), encoding: .utf8)
            return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            report(node, "the secret file \(path) of '\(name)' cannot be read")
            return nil
        }
    }

    func integer(_ node: Node, _ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = string(node, name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            report(node, "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func boolean(_ node: Node, _ name: String) -> Bool? {
        switch string(node, name) {
        case "true": return true
        case "false": return false
        case nil: return nil
        default:
            report(node, "'\(name)' must be true or false")
            return nil
        }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ node: Node, _ name: String, of type: Value.Type) -> Value?
    where Value.RawValue == String {
        guard let text = string(node, name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue)
        let hint = NearestWord.hint(for: text, in: known)
        report(node, "'\(name)' must be one of \(known.joined(separator: ", "))\(hint)")
        return nil
    }

    /// A duration such as `250ms`, `20s`, `10m`, `2h` or `14d`.
    func duration(_ node: Node, _ name: String) -> Duration? {
        guard let text = string(node, name) else { return nil }
        guard let duration = DurationText.parse(text) else {
            report(node, "'\(name)' must be a duration such as 250ms, 20s, 10m, 2h or 14d")
            return nil
        }
        return duration
    }

    /// A rate such as `20/s` or `250/m`, in events per second.
    func rate(_ node: Node, _ name: String) -> Double? {
        guard let text = string(node, name) else { return nil }
        let parts = text.split(separator: "/")
        let seconds: Double? =
            switch parts.count == 2 ? parts[1] : "" {
            case "s": 1
            case "m": 60
            case "h": 3600
            default: nil
            }
        guard let seconds, let count = Double(parts[0]), count > 0, count.isFinite else {
            report(node, "'\(name)' must be a rate such as 20/s or 250/m")
            return nil
        }
        return count / seconds
    }

    func strings(_ node: Node, _ name: String) -> [String] {
        guard case .sequence(let sequence) = node else {
            report(node, "'\(name)' must be a list")
            return []
        }
        return sequence.compactMap { string($0, name) }
    }

    /// Relative paths start at the configuration file's folder.
    func url(_ path: String) -> URL {
        (path.hasPrefix("/") ? URL(fileURLWithPath: path) : directory.appendingPathComponent(path)).standardizedFileURL
    }
}
