import Testing

@testable import CurlHTTP

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "127.0.0.1.",
        "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]",
        "[fe80::1]", "[fe80::1%eth0]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[2001:db8::1]", "[2001::1]",
        "[::127.0.0.1]", "[100::1]", "localhost", "LOCALHOST.", "a.localhost",
    ])
    func privateHost(host: String) {
        #expect(!AddressPolicy.mayBePublic(host: host))
    }

    @Test(arguments: [
        "1.1.1.1", "9.255.255.255", "100.63.0.1", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.1.1.1", "198.20.0.1",
        "223.255.255.255", "[2606:4700::1111]", "[::ffff:8.8.8.8]", "[64:ff9b::8.8.8.8]", "example.com",
        "localhost.com",
    ])
    func publicHost(host: String) {
        #expect(AddressPolicy.mayBePublic(host: host))
    }

    @Test func unknownFamilyIsPrivate() {
        [UInt8](repeating: 8, count: 110).withUnsafeBytes { bytes in
            #expect(!AddressPolicy.isPublic(bytes, family: 1))
        }
    }
}
