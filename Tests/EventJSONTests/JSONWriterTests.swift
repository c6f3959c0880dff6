import EventJSON
import Testing

@Suite struct JSONWriterTests {
    @Test func separatesMembersAndElements() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.value(1)
        writer.value("x")
        writer.beginObject()
        writer.endObject()
        writer.null()
        writer.endArray()
        writer.key(name: "ö\"")
        writer.value(true)
        writer.key("r")
        writer.raw(Array("[false]".utf8))
        writer.endObject()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"a":[1,"x",{},null],"ö\"":true,"r":[false]}"#)
    }

    @Test(arguments: [
        ("plain", #""plain""#), ("", #""""#), ("q\"b\\s/", #""q\"b\\s/""#), ("\u{8}\t\n\u{c}\r", #""\b\t\n\f\r""#),
        ("\u{0}\u{1f}\u{7f}", "\"\\u0000\\u001f\u{7f}\""), ("emoji 👩‍👩‍👧 é", "\"emoji 👩‍👩‍👧 é\""), ("\n", #""\n""#),
        ("a\n", #""a\n""#),
    ])
    func escapesText(text: String, expected: String) throws {
        let bytes = JSON.string(text).bytes
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(try JSON(parsing: bytes) == .string(text))
    }

    @Test func aStringWithBrokenSurrogatesIsStillValidUTF8() throws {
        let text = String(decoding: [0xD800, 0x41] as [UInt16], as: UTF16.self)
        #expect(try JSON(parsing: JSON.string(text).bytes) == .string("\u{FFFD}A"))
    }

    @Test(arguments: [Int64.min, -1, 0, 9, 10, 1_777_709_123, .max])
    func writesIntegers(number: Int64) {
        #expect(String(decoding: JSON.int(number).bytes, as: UTF8.self) == String(number))
    }

    @Test(arguments: [0.1, -0.0, 1e300, Double.leastNonzeroMagnitude, 1_777_709_123.411, 1e16, 100])
    func doublesSurviveARoundTrip(number: Double) throws {
        #expect(try JSON(parsing: JSON.double(number).bytes).double?.bitPattern == number.bitPattern)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func whatIsNoNumberBecomesNull(number: Double) {
        #expect(String(decoding: JSON.double(number).bytes, as: UTF8.self) == "null")
    }

    @Test func reserialisesASubtree() throws {
        let text = #"{"m":{"t":"a\u0007\"é","n":[1,-2,3.25,18446744073709551615,true,false,null,{},[]]}}"#
        let written = try JSONParser().parse(Array(text.utf8)) { root in
            var writer = JSONWriter()
            root["m"]?.write(to: &writer)
            return writer.bytes
        }
        #expect(
            String(decoding: written, as: UTF8.self)
                == #"{"t":"a\u0007\"é","n":[1,-2,3.25,18446744073709551615,true,false,null,{},[]]}"#)
    }

    @Test func redactsValuesOfNamedKeysAtAnyDepth() throws {
        let text = #"{"token":"s","a":[{"token":{"x":1},"tokens":2}],"b":{"token":null,"k":"token"}}"#
        let written = try JSONParser().parse(Array(text.utf8)) { root in
            var writer = JSONWriter()
            root.write(to: &writer, redacting: ["token", "other"])
            return writer.bytes
        }
        #expect(
            String(decoding: written, as: UTF8.self)
                == #"{"token":"***","a":[{"token":"***","tokens":2}],"b":{"token":null,"k":"token"}}"#)
    }
}
