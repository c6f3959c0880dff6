import Foundation
import Testing

@testable import PlatformSimulator

struct JSONValueTests {
    @Test func membersKeepTheirOrder() {
        let value: JSONValue = ["b": 1, "a": .array([.bool(true), nil, .double(1.5), "x"])]
        #expect(value.serialized == #"{"b":1,"a":[true,null,1.5,"x"]}"#)
    }

    @Test func textIsEscaped() {
        #expect(JSONValue.string("a\"\\\n\u{1}é<&>").serialized == #""a\"\\\n\u0001é<&>""#)
        let cable = String(decoding: JSONValue.string("<b>&").bytes(htmlSafe: true), as: UTF8.self)
        #expect(cable == #""\u003cb\u003e\u0026""#)
    }

    @Test(arguments: [#"{"a":[1,2.5,"x",null,true,{"b":[]}]}"#, #""text""#, "3", "[]", "null"])
    func whatIsReadIsWrittenAgain(text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)).serialized == text)
    }

    @Test func escapesAreRead() throws {
        let text = #""\u00e9\ud83d\ude00\n\/\"""#
        #expect(try JSONValue(parsing: Array(text.utf8)) == "é😀\n/\"")
    }

    @Test(arguments: [
        "{", "{\"a\":}", "[1,]", "{\"a\":1,}", "nul", "", "01", "1.", "-", "\"\u{1}\"", #""\ud83d""#, "[1] 2", "{a:1}",
        String(repeating: "[", count: 101) + String(repeating: "]", count: 101),
    ])
    func brokenTextIsRefused(text: String) {
        #expect(throws: (any Error).self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func brokenUTF8IsRefused() {
        #expect(throws: (any Error).self) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
    }

    @Test func mergingGoesDeepAndSkipsBlanks() {
        let base: JSONObject = ["a": ["x": 1, "y": 2], "b": "old"]
        let merged = base.merging(["a": ["y": 3], "b": "", "c": nil], skippingBlank: true)
        #expect(JSONValue.object(merged).serialized == #"{"a":{"x":1,"y":3},"b":"old"}"#)
    }

    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000Z"), (1_777_709_123.411, "2026-05-02T08:05:23.411Z"),
        (951_782_400.0, "2000-02-29T00:00:00.000Z"), (-0.5, "1969-12-31T23:59:59.500Z"),
    ])
    func timesAreISO8601(seconds: Double, text: String) {
        #expect(Date(timeIntervalSince1970: seconds).iso8601 == text)
    }
}
