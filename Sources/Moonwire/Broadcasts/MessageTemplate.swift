public import EventJSON

/// A text with variables: `Hi {name|there}, order {order:integer} is due {day:date}.`
///
/// `{variable}` or `{variable:type}`, with what to write when it is missing behind `|`. Types are `text`, `integer`,
/// `number`, `date` (an ISO date) and `phone`; a value of another type is an error, not a wrong message. `{{` and `}}`
/// are braces.
public struct MessageTemplate: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable { case text, integer, number, date, phone }

    public struct Variable: Sendable, Hashable {
        public let name: String
        public let kind: Kind
        public let fallback: String?
    }

    private enum Part: Sendable, Hashable {
        case text(String)
        case variable(Variable)
    }

    private let parts: [Part]

    /// What is wrong with a template, or with a value for it.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    public init(_ template: String) throws(Problem) {
        var parts: [Part] = []
        var text = ""
        var rest = Substring(template)
        while let character = rest.popFirst() {
            guard character == "{" || character == "}" else {
                text.append(character)
                continue
            }
            if rest.first == character {
                rest.removeFirst()
                text.append(character)
                continue
            }
            guard character == "{", let end = rest.firstIndex(of: "}") else {
                throw Problem(
                    description:
                        "the template has a '\(character)' without its partner; write '\(character)\(character)' "
                        + "for the character itself")
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parts.append(.variable(try Self.variable(String(rest[..<end]))))
            rest = rest[rest.index(after: end)...]
        }
        if !text.isEmpty { parts.append(.text(text)) }
        self.parts = parts
    }

    public var variables: [Variable] {
        parts.compactMap { if case .variable(let variable) = $0 { variable } else { nil } }
    }

    /// - Throws: a sentence about the first variable that has no value, or one of another type.
    public func text(_ fields: JSONObject) throws(Problem) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let plain): text += plain
            case .variable(let variable): text += try Self.value(of: variable, fields)
            }
        }
        return text
    }

    private static func variable(_ text: String) throws(Problem) -> Variable {
        let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let names = (halves.first ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(names.first ?? "").trimmingWhitespace
        guard !name.isEmpty else { throw Problem(description: "the template has a variable without a name: {\(text)}") }
        var kind = Kind.text
        if names.count == 2 {
            let word = String(names[1]).trimmingWhitespace
            guard let known = Kind(rawValue: word) else {
                throw Problem(
                    description: "the template has a variable of the unknown type '\(word)'"
                        + NearestWord.hint(for: word, in: Kind.allCases.map(\.rawValue)))
            }
            kind = known
        }
        return Variable(name: name, kind: kind, fallback: halves.count == 2 ? String(halves[1]) : nil)
    }

    private static func value(of variable: Variable, _ fields: JSONObject) throws(Problem) -> String {
        let row = AudienceRow(fields)
        guard let text = row[variable.name] ?? flag(fields[variable.name]) else {
            if let fallback = variable.fallback { return fallback }
            throw Problem(description: "there is no '\(variable.name)'")
        }
        let isRight =
            switch variable.kind {
            case .text: true
            case .integer: Int64(text) != nil
            case .number: Double(text)?.isFinite == true
            case .date: isDate(text)
            case .phone: isPhone(text)
            }
        guard isRight else {
            throw Problem(description: "'\(variable.name)' is no \(variable.kind.rawValue): \(text.prefix(40))")
        }
        return text
    }

    private static func flag(_ value: JSON?) -> String? { value?.bool.map { $0 ? "true" : "false" } }

    /// A message may name a number as people dial it inside of a country.
    private static func isPhone(_ text: String) -> Bool {
        let text = TypedText.plain(text)
        return text.allSatisfy { $0.isASCIIDigit || " +-()./".contains($0) }
            && (3...15).contains(text.count(where: \.isASCIIDigit))
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, let month = Int(parts[1]), let day = Int(parts[2]),
            Int(parts[0]) != nil
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}
