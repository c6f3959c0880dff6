import EventJSON
import Foundation
import Moonwire

/// A point on the earth that a person shared, linked to or typed.
struct Place: Hashable {
    let latitude: Double
    let longitude: Double
    var address: String?

    init?(latitude: Double, longitude: Double, address: String? = nil) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
        (self.latitude, self.longitude, self.address) = (latitude, longitude, address)
    }

    /// From a shared location, else from the text: a link of a map (not a shortened one, which only its server can
    /// read), a `geo:` address, or `24.7136, 46.6753`.
    init?(_ answer: Answer) {
        for attachment in answer.attachments {
            guard let latitude = attachment.latitude, let longitude = attachment.longitude,
                let place = Place(latitude: latitude, longitude: longitude, address: attachment.name)
            else { continue }
            self = place
            return
        }
        let said = answer.said
        let links = said.split(whereSeparator: \.isWhitespace).filter { MapLink.isLink($0) }
        guard
            let place = links.lazy.compactMap({ MapLink.place(String($0)) }).first
                ?? (links.isEmpty ? Self.typed(said) : nil)
        else { return nil }
        self = place
    }

    /// As scripts see it.
    var json: JSON {
        var object = JSONObject()
        object.append("latitude", .double(latitude))
        object.append("longitude", .double(longitude))
        if let address, !address.isEmpty { object.append("address", .string(address)) }
        return .object(object)
    }

    /// Two numbers with fractions, latitude first unless letters of the compass say otherwise.
    private static func typed(_ said: String) -> Place? {
        let text = TypedText.plain(said).uppercased().replacing("\u{66B}", with: ".").replacing("°", with: " ")
        var numbers: [Double] = []
        var directions: [Character] = []
        for part in text.split(whereSeparator: { " ,;".contains($0) }) {
            var digits = part
            let direction = part.last.flatMap { "NSEW".contains($0) ? $0 : nil }
            if direction != nil { digits = digits.dropLast() }
            if !digits.isEmpty {
                guard digits.contains("."), let number = MapLink.number(digits) else { return nil }
                numbers.append(number)
            }
            if let direction {
                guard directions.count < numbers.count else { return nil }
                directions.append(direction)
            }
        }
        guard numbers.count == 2 else { return nil }
        if directions.isEmpty { return Place(latitude: numbers[0], longitude: numbers[1]) }
        guard directions.count == 2 else { return nil }
        let signed = zip(numbers, directions).map { "SW".contains($1) ? -$0 : $0 }
        switch directions.map({ "NS".contains($0) }) {
        case [true, false]: return Place(latitude: signed[0], longitude: signed[1])
        case [false, true]: return Place(latitude: signed[1], longitude: signed[0])
        default: return nil
        }
    }
}

/// Reads the point out of the links that map services make.
enum MapLink {
    static func isLink(_ word: Substring) -> Bool {
        let word = word.lowercased()
        return word.hasPrefix("https://") || word.hasPrefix("http://") || word.hasPrefix("geo:")
    }

    static func place(_ link: String) -> Place? {
        let link = link.removingPercentEncoding ?? link
        // Google: the point of the place itself, as opposed to the middle of the map.
        if let place = place(between: "!3d", and: "!4d", in: link) { return place }
        let parameters = parameters(of: link)
        for name in ["q", "query", "ll", "destination", "daddr", "center"] {
            if let value = parameters[name], let place = pair(value) { return place }
        }
        if let latitude = parameters["mlat"].flatMap({ number($0[...]) }),
            let longitude = parameters["mlon"].flatMap({ number($0[...]) })
        {
            return Place(latitude: latitude, longitude: longitude)
        }
        if let at = link.firstIndex(of: "@"), let place = pair(String(link[link.index(after: at)...])) { return place }
        if link.lowercased().hasPrefix("geo:") { return pair(String(link.dropFirst(4))) }
        guard let map = parameters["map"] else { return nil }
        let parts = map.split(separator: "/")
        return parts.count == 3 ? pair(parts[1] + "," + parts[2]) : nil
    }

    /// A decimal number without exponent or words.
    static func number(_ text: Substring) -> Double? {
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text
        guard digits.first?.isASCIIDigit == true, digits.allSatisfy({ $0.isASCIIDigit || $0 == "." }) else {
            return nil
        }
        return Double(text)
    }

    private static func place(between first: String, and second: String, in link: String) -> Place? {
        let parts = link.split(separator: first, maxSplits: 1)
        guard parts.count == 2, let rest = parts.last?.split(separator: second, maxSplits: 1), rest.count == 2 else {
            return nil
        }
        let end = rest[1].prefix { $0.isASCIIDigit || $0 == "." || $0 == "-" }
        guard let latitude = number(rest[0]), let longitude = number(end) else { return nil }
        return Place(latitude: latitude, longitude: longitude)
    }

    /// The parameters behind `?`, `&` and `#`.
    private static func parameters(of link: String) -> [String: String] {
        var all: [String: String] = [:]
        for part in link.split(whereSeparator: { "?&#".contains($0) }).dropFirst() {
            guard let equals = part.firstIndex(of: "=") else { continue }
            all[String(part[..<equals])] = String(part[part.index(after: equals)...])
        }
        return all
    }

    /// `24.7136,46.6753`, with or without more behind it.
    private static func pair(_ text: some StringProtocol) -> Place? {
        var text = String(text).replacing("+", with: " ").drop(while: \.isWhitespace)
        if text.hasPrefix("loc:") { text = text.dropFirst(4) }
        let parts = text.split(separator: ",", maxSplits: 1).map { $0.drop(while: \.isWhitespace) }
        guard parts.count == 2, let latitude = number(parts[0]),
            let longitude = number(parts[1].prefix { $0.isASCIIDigit || $0 == "." || $0 == "-" })
        else { return nil }
        return Place(latitude: latitude, longitude: longitude)
    }
}
