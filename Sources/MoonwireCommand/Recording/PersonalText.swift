/// Finds e-mail addresses, phone numbers and tokens in running text.
struct PersonalText {
    private let bytes: [UInt8]
    private var output: [UInt8] = []

    private init(_ text: String) {
        bytes = Array(text.utf8)
        output.reserveCapacity(bytes.count)
    }

    /// The text with stand-ins for the e-mail addresses in it.
    static func replacingEmails(in text: String, _ standIns: inout StandIns) -> String {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
        var scan = PersonalText(text)
        scan.emails(&standIns)
        return String(decoding: scan.output, as: UTF8.self)
    }

    /// The text with stand-ins for the phone numbers in it.
    ///
    /// - Parameter bare: whether ten digits and more are a phone number with nothing that marks them as one: elsewhere
    ///   than in what people write they are more likely an id or a time.
    static func replacingPhones(in text: String, bare: Bool, _ standIns: inout StandIns) -> String {
        guard text.utf8.lazy.filter(isDigit).count >= 8 else { return text }
        var scan = PersonalText(text)
        scan.phones(bare: bare, &standIns)
        return String(decoding: scan.output, as: UTF8.self)
    }

    /// The text with stand-ins for the signed tokens (`eyJ….….…`) in it.
    static func replacingSignedTokens(in text: String, _ standIns: inout StandIns) -> String {
        guard text.contains("eyJ") else { return text }
        var scan = PersonalText(text)
        scan.signedTokens(&standIns)
        return String(decoding: scan.output, as: UTF8.self)
    }

    private mutating func emails(_ standIns: inout StandIns) {
        var written = 0
        for at in bytes.indices where bytes[at] == UInt8(ascii: "@") && at >= written {
            var start = at
            while start > written, Self.isLocalPart(bytes[start - 1]) { start -= 1 }
            var end = at + 1
            while end < bytes.count, Self.isDomain(bytes[end]) { end += 1 }
            while end > at + 1, !Self.isAlphanumeric(bytes[end - 1]) { end -= 1 }
            guard start < at, bytes[(at + 1)..<end].contains(UInt8(ascii: ".")) else { continue }
            output += bytes[written..<start]
            output += Array(standIns.email(String(decoding: bytes[start..<end], as: UTF8.self)).utf8)
            written = end
        }
        output += bytes[written...]
    }

    private mutating func phones(bare: Bool, _ standIns: inout StandIns) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let follows = index > 0 && (Self.isAlphanumeric(bytes[index - 1]) || Self.joins(bytes[index - 1]))
            guard byte == UInt8(ascii: "+") || Self.isDigit(byte) || byte == UInt8(ascii: "("), !follows else {
                output.append(byte)
                index += 1
                continue
            }
            var end = index + 1
            while end < bytes.count, Self.isDigit(bytes[end]) || " -()".utf8.contains(bytes[end]) { end += 1 }
            while end > index + 1, !Self.isDigit(bytes[end - 1]) { end -= 1 }
            let run = bytes[index..<end]
            let precedes = end < bytes.count && (Self.isAlphanumeric(bytes[end]) || Self.joins(bytes[end]))
            if !precedes, Self.isPhone(run, bare: bare) {
                output += Array(standIns.phone(String(decoding: run, as: UTF8.self)).utf8)
            } else {
                output += run
            }
            index = end
        }
    }

    private mutating func signedTokens(_ standIns: inout StandIns) {
        var index = 0
        while index < bytes.count {
            guard bytes[index...].starts(with: "eyJ".utf8) else {
                output.append(bytes[index])
                index += 1
                continue
            }
            var end = index
            while end < bytes.count, Self.isAlphanumeric(bytes[end]) || "-_.=".utf8.contains(bytes[end]) { end += 1 }
            let run = bytes[index..<end]
            if run.contains(UInt8(ascii: ".")), run.count > 20 {
                output += Array(standIns.secret(String(decoding: run, as: UTF8.self)).utf8)
            } else {
                output += run
            }
            index = end
        }
    }

    private static func isPhone(_ run: ArraySlice<UInt8>, bare: Bool) -> Bool {
        let digits = run.count(where: isDigit)
        if run.first == UInt8(ascii: "+") { return (8...15).contains(digits) }
        let looksLikeDate = run.count > 7 && run.prefix(4).allSatisfy(isDigit) && run.dropFirst(4).first == 0x2D
        guard (10...15).contains(digits), !looksLikeDate else { return false }
        return bare || digits < run.count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte >= 0x80
    }
    /// What makes a number part of something else: an id, a fraction, a time.
    private static func joins(_ byte: UInt8) -> Bool { "-_:/.=".utf8.contains(byte) }
    private static func isLocalPart(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "._%+-".utf8.contains(byte) }
    private static func isDomain(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || ".-".utf8.contains(byte) }
}
