import Testing

@testable import MoonwireServer

struct AddressRangeTests {
    @Test func oneAddressIsARangeOfItself() throws {
        let range = try #require(AddressRange("192.168.1.7"))
        #expect(range.contains("192.168.1.7"))
        #expect(!range.contains("192.168.1.8"))
    }

    @Test func aBlockEndsInTheMiddleOfAByte() throws {
        let range = try #require(AddressRange("10.16.0.0/12"))
        #expect(range.contains("10.31.255.255"))
        #expect(!range.contains("10.32.0.0"))
    }

    @Test func familiesDoNotMixButMappedAddressesAreIPv4() throws {
        let range = try #require(AddressRange("0.0.0.0/0"))
        #expect(range.contains("::ffff:1.2.3.4"))
        #expect(!range.contains("2001:db8::1"))
        #expect(try #require(AddressRange("2001:db8::/32")).contains("2001:db8:1::1"))
    }

    @Test(arguments: ["", "host", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "1.2.3"])
    func whatIsNoRangeIsRefused(_ text: String) {
        #expect(AddressRange(text) == nil)
    }
}
