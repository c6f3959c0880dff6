import EventJSON
import Testing

@Suite struct JSONStrictnessTests {
    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[01]", "[1.]", "[.5]", "[+1]", "[1e]", "[0x1]",
        "[NaN]",
        "[Infinity]", "[tru]", "[nul]", "true false", "[1]]", "[1] x", "{\"a\"}", "{\"a\":}", "[\"\n\"]", "[\"\u{0}\"]",
        "[\"\\x\"]", "[\"\\u12\"]", "[\"\\ud800\"]", "[\"\\udc00\\ud800\"]", "[\"abc", "\"", "// c\n1", "[1e400]",
        "[-]",
        "\u{FEFF}[1]",
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test(arguments: [
        "0", "-0", "true", "null", "\"x\"", " [ 1 , 2 ]\r\n\t", "1E+2", "[\"\\ud83d\\ude00\\u0000/\\/\"]", "{\"\":[]}",
    ])
    func acceptsEveryDocumentOfTheGrammar(text: String) throws {
        _ = try JSON(parsing: text)
    }

    @Test(arguments: [
        [0x5B, 0x22, 0xFF, 0x22, 0x5D], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        [0x22, 0xE2, 0x82, 0x22],
    ])
    func refusesBrokenUTF8(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func nestsToItsLimitAndNoFurther(open: String, close: String) throws {
        func document(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        }
        _ = try JSON(parsing: document(127))
        let error = #expect(throws: JSONError.self) { try JSON(parsing: document(129)) }
        #expect(error?.code == .tooDeep)
        #expect(throws: JSONError.self) { try JSON(parsing: document(100_000)) }
    }

    @Test func refusesMoreBytesThanAllowed() throws {
        let parser = JSONParser(maxBytes: 8)
        _ = try parser.parse(Array("[1,2,34]".utf8)) { $0.count }
        let error = #expect(throws: JSONError.self) { try parser.parse(Array("[1,2,345]".utf8)) { _ in } }
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("345") == false)
    }
}
