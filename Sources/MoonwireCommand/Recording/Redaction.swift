import EventJSON
import Foundation

/// Takes secrets, and what tells who somebody is, out of traffic before it is written.
///
/// A value is a secret by the name of its member, by its place in a path, by its form, or because the configuration
/// holds it; once known it is replaced wherever else it appears. What people wrote to each other stays, but for
/// e-mail addresses, phone numbers and the names of those who have been named before.
struct Redaction {
    private var standIns = StandIns()
    private let keepsPersonal: Bool
    /// Longest first, so that none is spoiled by a part of itself.
    private var secrets: [String] = []
    private var names: [String] = []

    /// - Parameters:
    ///   - secrets: What the configuration keeps secret.
    ///   - people: Names and ids of persons that the configuration holds.
    init(secrets: [String] = [], people: [String] = [], keepsPersonal: Bool = false) {
        self.keepsPersonal = keepsPersonal
        for secret in secrets { learn(secret: secret, shortest: 3) }
        for name in people { learn(name: name) }
    }

    /// A whole document without what must not be written.
    mutating func document(_ tree: JSON) -> JSON {
        // A value may stand before the member that tells what it is.
        learn(from: tree, key: "")
        return redacted(tree, key: "", ofPerson: false, isSecret: false)
    }

    /// Text that is not JSON, such as a form's field.
    ///
    /// - Parameter key: The field's name.
    mutating func text(_ text: String, key: String) -> String {
        let plain = RedactedKeys.plain(key)
        if RedactedKeys.isSecret(plain) {
            learn(secret: text)
            return standIns.secret(text)
        }
        if !keepsPersonal, RedactedKeys.isName(plain, ofPerson: false) { learn(name: text) }
        return redacted(text, key: plain, ofPerson: false)
    }

    /// Path and query of a URL.
    ///
    /// - Parameter display: What may be shown of the path: where it differs, the path holds a secret.
    mutating func target(_ url: String, display: String? = nil) -> (path: String, query: String?) {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).dropFirst(3)
        let shown = display?.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let path = segments.enumerated().map { index, segment in
            let isShown = shown.map { $0.dropFirst(index).first == segment } ?? true
            let plain = segment.removingPercentEncoding ?? String(segment)
            guard isShown else {
                learn(secret: plain)
                return standIns.secret(plain)
            }
            let redacted = redacted(plain, key: "", ofPerson: false)
            return redacted == plain ? String(segment) : redacted
        }
        let query = parts.dropFirst().first.map { query in
            query.split(separator: "&").map { pair in
                let halves = pair.split(separator: "=", maxSplits: 1)
                guard halves.count == 2, let value = halves[1].removingPercentEncoding else { return String(pair) }
                let redacted = text(value, key: halves[0].removingPercentEncoding ?? String(halves[0]))
                return redacted == value ? String(pair) : "\(halves[0])=\(redacted)"
            }.joined(separator: "&")
        }
        return ("/" + path.joined(separator: "/"), query)
    }
}

// MARK: - Learning

extension Redaction {
    /// - Parameter shortest: Below this length a value is replaced only where its own member shows it: it would be found
    ///   in the middle of harmless words.
    private mutating func learn(secret: String, shortest: Int = 8) {
        guard secret.utf8.count >= shortest, standIns.secrets[secret] == nil, !secret.hasPrefix("redacted-") else {
            return
        }
        _ = standIns.secret(secret)
        secrets.insert(secret, at: secrets.firstIndex { $0.utf8.count < secret.utf8.count } ?? secrets.endIndex)
    }

    private mutating func learn(name: String) {
        guard name.count >= 3, standIns.names[name] == nil, !name.hasPrefix("Person ") else { return }
        _ = standIns.name(name)
        names.insert(name, at: names.firstIndex { $0.count < name.count } ?? names.endIndex)
    }

    private mutating func learn(from tree: JSON, key: String, ofPerson: Bool = false, isSecret: Bool = false) {
        let plain = RedactedKeys.plain(key)
        switch tree {
        case .object(let object):
            let members = Set(object.keys.map(RedactedKeys.plain))
            let isPerson = RedactedKeys.isPerson(members, under: plain)
            for member in object {
                let hides = isSecret || RedactedKeys.isSecret(RedactedKeys.plain(member.key))
                learn(from: member.value, key: member.key, ofPerson: isPerson, isSecret: hides)
            }
        case .array(let values):
            for value in values { learn(from: value, key: key, ofPerson: ofPerson, isSecret: isSecret) }
        case .string(let text):
            if isSecret {
                learn(secret: text)
            } else if let inner = Self.document(in: text) {
                learn(from: inner, key: "")
            } else if !keepsPersonal, RedactedKeys.isName(plain, ofPerson: ofPerson) {
                learn(name: text)
            }
        default: break
        }
    }

    /// The object or array that a text is, as Action Cable's `identifier` and `data` are.
    private static func document(in text: String) -> JSON? {
        guard let first = text.utf8.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        return try? JSON(parsing: text)
    }
}

// MARK: - Replacing

extension Redaction {
    private mutating func redacted(_ tree: JSON, key: String, ofPerson: Bool, isSecret: Bool) -> JSON {
        if !keepsPersonal, !isSecret, RedactedKeys.isPlace(key) { return .null }
        switch tree {
        case .object(let object):
            let members = Set(object.keys.map(RedactedKeys.plain))
            let isPerson = RedactedKeys.isPerson(members, under: key)
            var result = JSONObject()
            for member in object {
                let plain = RedactedKeys.plain(member.key)
                result.append(
                    redacted(member.key, key: "", ofPerson: false),
                    redacted(
                        member.value, key: plain, ofPerson: isPerson,
                        isSecret: isSecret || RedactedKeys.isSecret(plain)))
            }
            return .object(result)
        case .array(let values):
            return .array(values.map { redacted($0, key: key, ofPerson: ofPerson, isSecret: isSecret) })
        case .string(let text):
            if isSecret { return .string(standIns.secret(text)) }
            return .string(redacted(text, key: key, ofPerson: ofPerson))
        case .int(let number):
            if RedactedKeys.isSecret(key) { return .int(0) }
            if !keepsPersonal, RedactedKeys.isPhone(key) || RedactedKeys.isName(key, ofPerson: false) {
                return .int(Int64(standIns.phone(String(number)).dropFirst()) ?? 0)
            }
            return secrets.contains(String(number)) ? .int(0) : tree
        case .null, .bool, .double: return tree
        }
    }

    private mutating func redacted(_ text: String, key: String, ofPerson: Bool) -> String {
        if let inner = Self.document(in: text) {
            let tree = redacted(inner, key: "", ofPerson: false, isSecret: false)
            return String(decoding: tree.bytes, as: UTF8.self)
        }
        if !keepsPersonal {
            if RedactedKeys.isName(key, ofPerson: ofPerson) {
                return text.contains("@") ? standIns.email(text) : standIns.name(text)
            }
            if RedactedKeys.isPhone(key) { return standIns.phone(text) }
            if RedactedKeys.isAddress(key) { return text.isEmpty ? text : "192.0.2.1" }
            if RedactedKeys.isPicture(key) { return text.isEmpty ? text : "https://example.org/picture" }
        }
        let known = replacingKnown(text)
        var result = PersonalText.replacingSignedTokens(in: known, &standIns)
        if result.contains("://") { result = replacingSecretsOfURLs(in: result) }
        guard !keepsPersonal else { return result }
        result = PersonalText.replacingEmails(in: result, &standIns)
        let isText = RedactedKeys.isText(key)
        result = PersonalText.replacingPhones(in: result, bare: isText, &standIns)
        return isText ? replacingNames(in: result) : result
    }

    private func replacingKnown(_ text: String) -> String {
        var text = text
        for secret in secrets where text.utf8.count >= secret.utf8.count {
            guard let standIn = standIns.secrets[secret], text.contains(secret) else { continue }
            text = text.replacingOccurrences(of: secret, with: standIn)
        }
        return text
    }

    private func replacingNames(in text: String) -> String {
        var text = text
        for name in names where text.count >= name.count {
            guard let standIn = standIns.names[name] else { continue }
            var from = text.startIndex
            while let found = text.range(of: name, options: .caseInsensitive, range: from..<text.endIndex) {
                let before = found.lowerBound > text.startIndex ? text[text.index(before: found.lowerBound)] : " "
                let after = found.upperBound < text.endIndex ? text[found.upperBound] : " "
                let distance = text.distance(from: text.startIndex, to: found.lowerBound)
                let isWord = !before.isLetter && !after.isLetter
                if isWord { text.replaceSubrange(found, with: standIn) }
                let step = isWord ? standIn.count : name.count
                from = text.index(text.startIndex, offsetBy: distance + step)
            }
        }
        return text
    }

    /// Links to files carry their own permission: long parts of the path, and signatures in the query.
    private mutating func replacingSecretsOfURLs(in text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard word.contains("://") else { return String(word) }
            let (path, query) = target(String(word))
            let origin = word.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
            guard origin.count == 3 else { return String(word) }
            let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { segment in
                segment.utf8.count > 40 ? standIns.secret(String(segment)) : String(segment)
            }
            let hasPath = word.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).count > 3
            return origin.joined(separator: "/") + (hasPath ? "/" + segments.joined(separator: "/") : "")
                + (query.map { "?" + $0 } ?? "")
        }.joined(separator: " ")
    }
}
