import EventJSON
import Testing

@Suite struct JSONElementTests {
    private func parse<Result>(_ text: String, _ body: (JSONElement) throws -> Result) throws -> Result {
        try JSONParser().parse(Array(text.utf8), body)
    }

    @Test func readsEveryTypeAsItself() throws {
        try parse(#"{"a":1,"b":-2.5,"c":"ö\n\"","d":true,"e":false,"f":null,"g":[1,"x"],"h":{}}"#) { root in
            #expect(root.kind == .object)
            #expect(root["a"]?.int == 1)
            #expect(root["a"]?.double == 1)
            #expect(root["b"]?.double == -2.5)
            #expect(root["b"]?.int == nil)
            #expect(root["c"]?.string == "ö\n\"")
            #expect(root["d"]?.bool == true)
            #expect(root["e"]?.bool == false)
            #expect(root["f"]?.isNull == true)
            #expect(root["g"]?.elements.map(\.kind) == [.int, .string])
            #expect(root["h"]?.kind == .object)
            #expect(root["h"]?.count == 0)
            #expect(root["i"] == nil)
            #expect(root.count == 8)
        }
    }

    @Test func readingAsAnotherTypeGivesNil() throws {
        try parse(#"["text",7,null,{}]"#) { root in
            let values = Array(root.elements)
            #expect(root["a"] == nil && root.string == nil && root.int == nil && root.bool == nil)
            #expect(values[0].int == nil && values[0]["a"] == nil && values[0].elements.first == nil)
            #expect(values[1].string == nil && !values[1].rawEquals("7"))
            #expect(values[2].string == nil && values[2].double == nil && values[2].bool == nil)
            #expect(values[3].utf8Count == nil)
        }
    }

    @Test func findsMembersBehindNestedValues() throws {
        try parse(#"{"x":{"id":1,"y":[[],[{"id":2}]]},"z":1.5,"id":3}"#) { root in
            #expect(root["id"]?.int == 3)
            #expect(root["x"]?["y"]?.elements.map { $0.count } == [0, 1])
            #expect(root[name: "z"]?.double == 1.5)
            #expect(root[name: "no"] == nil)
        }
    }

    @Test func ofEqualKeysTheFirstCountsInEveryView() throws {
        try parse(#"{"a":1,"a":2}"#) { root in
            #expect(root["a"]?.int == 1)
            #expect(root.owned["a"] == 1)
        }
    }

    @Test func comparesWithoutMakingAString() throws {
        try parse(#"["message.created","","été"]"#) { root in
            let values = Array(root.elements)
            #expect(values[0].rawEquals("message.created"))
            #expect(!values[0].rawEquals("message.create"))
            #expect(!values[0].rawEquals("message.creatEd"))
            #expect(values[1].rawEquals("") && values[1].rawEquals(String()))
            #expect(values[2].rawEquals("été") && values[2].utf8Count == 5)
            #expect(values[2].withUTF8 { $0.first } == 0xC3)
        }
    }

    @Test func visitsMembersInOrderOfTheDocument() throws {
        try parse(#"{"b":1,"a":{"c":2},"":3}"#) { root in
            var seen: [String] = []
            root.forEachMember { key, value in seen.append("\(key.string ?? "?")=\(value.kind)") }
            #expect(seen == ["b=int", "a=object", "=int"])
        }
    }

    @Test func integersAtTheEdgeOf64Bits() throws {
        try parse("[9223372036854775807,-9223372036854775808,9223372036854775808]") { root in
            let values = Array(root.elements)
            #expect(values[0].int == .max)
            #expect(values[1].int == .min)
            #expect(values[2].int == nil && values[2].double == 9_223_372_036_854_775_808)
        }
    }

    @Test func integersBeyond64BitsAreReadAsDoubles() throws {
        try parse(#"{"s":"18446744073709551616","n":[18446744073709551616,-99999999999999999999999,1]}"#) { root in
            #expect(root["s"]?.string == "18446744073709551616")
            #expect(root["n"]?.elements.map(\.double) == [18_446_744_073_709_551_616, -1e23, 1])
        }
    }

    @Test func anOwnedTreeOutlivesTheParse() throws {
        let tree = try parse(#"{"a":[1,2.5,"x",null,true],"b":{"c":"d"}}"#) { $0.owned }
        #expect(tree == ["a": [1, 2.5, "x", nil, true], "b": ["c": "d"]])
        #expect(tree["b"]?["c"]?.string == "d")
    }

    @Test func oneParserReadsDocumentAfterDocument() throws {
        let parser = JSONParser()
        for size in [10, 100_000, 3] {
            let text = String(repeating: "ab", count: size)
            #expect(try parser.parse(Array("[\"\(text)\"]".utf8)) { $0.elements.first?.string } == text)
        }
        #expect(throws: JSONError.self) { try parser.parse(Array("[".utf8)) { _ in } }
        #expect(try parser.parse(Array("[1]".utf8)) { $0.elements.first?.int } == 1)
    }

    @Test func readsASliceWithoutItsSurroundings() throws {
        let bytes = Array("xx{\"a\":1}yy".utf8)
        #expect(try JSONParser().parse(bytes[2..<9]) { $0["a"]?.int } == 1)
    }

    @Test func aParserInsideItsOwnParseIsRefused() throws {
        let parser = JSONParser()
        try parser.parse(Array("[1]".utf8)) { root in
            #expect(throws: JSONError.self) { try parser.parse(Array("[2]".utf8)) { _ in } }
            #expect(root.elements.first?.int == 1)
        }
    }
}
