import Testing

@testable import CurlHTTP

@Suite struct HTTPHeadersTests {
    @Test func lookupIgnoresCaseAndTakesTheFirst() {
        let headers = HTTPHeaders([.init("Retry-After", "3"), .init("retry-after", "9"), .init("Empty", "")])
        #expect(headers["RETRY-AFTER"] == "3")
        #expect(headers.values("Retry-After") == ["3", "9"])
        #expect(headers["empty"] == "")
        #expect(headers["Retry"] == nil)
        #expect(headers.all.map(\.name) == ["Retry-After", "retry-after", "Empty"])
    }

    @Test func oddBlocksAreReadAsFarAsTheyGo() {
        let block = "A: 1\nB:2 \t\r\nno colon\r\n: x\r\nC: a:b\r\nD: \u{e9}"
        let headers = HTTPHeaders(block: Array(block.utf8))
        #expect(headers["a"] == "1")
        #expect(headers["b"] == "2")
        #expect(headers["C"] == "a:b")
        #expect(headers["d"] == "é")
        #expect(HTTPHeaders(block: [0xff, 0x3a, 0xff]).all.count == 1)
        #expect(HTTPHeaders(block: []).all.isEmpty)
    }
}
