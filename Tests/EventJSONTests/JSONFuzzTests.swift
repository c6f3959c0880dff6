import EventJSON
import Foundation
import Testing

/// Random documents and random damage, judged by Foundation's parser.
@Suite struct JSONFuzzTests {
    private static let corpus = [
        #"{"event":"message.created","data":{"id":9871,"content":"Pick \"one\"\n","created_at":1777709123.411,"private":false}}"#,
        #"[{"a":[],"b":{},"c":[[1,-2.5e3,0,1E-2],null,true]},"\u00e9\ud83d\ude00ö😀","",-0]"#,
        #"{"deep":[[[[{"x":{"y":{"z":["\\\/\b\f\n\r\t"]}}}]]]],"n":123456789012345678}"#,
        "  \"text\"\n", "12.75", "[true,false,null]",
    ]

    @Test func agreesWithFoundationAboutDamagedDocuments() throws {
        var random = SeededGenerator(seed: 20_260_502)
        let parser = JSONParser()
        var accepted = 0
        for round in 0..<6000 {
            var bytes = Array(Self.corpus[round % Self.corpus.count].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) { damage(&bytes, &random) }
            let mine = try? parser.parse(bytes) { $0.owned }
            let reference = foundation(bytes)
            let text = String(reflecting: String(decoding: bytes, as: UTF8.self))
            if let mine {
                accepted += 1
                #expect(reference.map { agrees(mine, $0) } ?? false, "accepted \(text)")
            } else if reference != nil {
                #expect(isKnownDifference(bytes), "refused \(text)")
            }
        }
        #expect(accepted > 1000 && accepted < 5000)
    }

    @Test func whatItWritesBothParsersReadBack() throws {
        var random = SeededGenerator(seed: 7)
        let parser = JSONParser()
        for _ in 0..<1000 {
            let tree = randomTree(depth: 4, &random)
            let bytes = tree.bytes
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(foundation(bytes).map { agrees(tree, $0) } ?? false, "\(text.debugDescription)")
            let again = try parser.parse(bytes) { root in
                var writer = JSONWriter()
                root.write(to: &writer)
                return writer.bytes
            }
            #expect(again == bytes)
        }
    }

    /// Foundation also takes a byte order mark and other encodings than UTF-8.
    private func isKnownDifference(_ bytes: [UInt8]) -> Bool {
        bytes.contains(0) || bytes.starts(with: [0xEF, 0xBB, 0xBF])
    }

    private func foundation(_ bytes: [UInt8]) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    private func agrees(_ mine: JSON, _ reference: Any) -> Bool {
        switch mine {
        case .null: reference is NSNull
        case .bool(let flag): (reference as? NSNumber)?.boolValue == flag
        case .int, .double:
            // Foundation reads numbers by way of Decimal and misses the last bit.
            (reference as? NSNumber).flatMap { other in
                mine.double.map { abs(other.doubleValue - $0) <= abs($0) * 1e-14 }
            } ?? false
        case .string(let text): (reference as? String)?.utf8.elementsEqual(text.utf8) ?? false
        case .array(let values):
            (reference as? [Any]).map { other in
                other.count == values.count && zip(values, other).allSatisfy { agrees($0, $1) }
            } ?? false
        case .object(let object):
            // Of equal keys Foundation keeps another one than we do.
            (reference as? [String: Any]).map { other in
                Set(object.keys).count < object.count
                    || other.count == object.count
                        && object.allSatisfy { member in
                            other[member.key].map { agrees(member.value, $0) } ?? false
                        }
            } ?? false
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let symbols = Array("{}[]\",:0123456789.-+eE\\utfn \n\t/*x\u{0}".utf8) + [0xC3, 0xA9, 0xFF, 0xED, 0x80, 0xF0]
        let symbol = symbols[Int.random(in: 0..<symbols.count, using: &random)]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = symbol
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(symbol, at: place)
        case 3: bytes.insert(bytes[place], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 3))
        }
    }

    private func randomTree(depth: Int, _ random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int64.random(in: -(1 << 53)...(1 << 53), using: &random))
        case 3: return .double(Double.random(in: -1e6...1e6, using: &random))
        case 4: return .string(randomText(&random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in randomTree(depth: depth - 1, &random) })
        default:
            var object = JSONObject()
            for index in 0..<Int.random(in: 0..<5, using: &random) {
                object.append("\(index)" + randomText(&random), randomTree(depth: depth - 1, &random))
            }
            return .object(object)
        }
    }

    private func randomText(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "\u{1}"
            text.unicodeScalars.append(
                Bool.random(using: &random) ? scalar : Unicode.Scalar(UInt8.random(in: 0...127, using: &random)))
        }
        return text
    }
}
