#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which network addresses are on the public internet.
enum AddressPolicy {
    /// Four bytes in network order.
    static func isPublic(v4 address: [UInt8]) -> Bool {
        guard address.count == 4 else { return false }
        let (a, b, c) = (address[0], address[1], address[2])
        switch a {
        case 0, 10, 127: return false
        case 100: return b & 0xc0 != 64
        case 169: return b != 254
        case 172: return b & 0xf0 != 16
        case 192:
            if b == 168 { return false }
            if b == 0 && (c == 0 || c == 2) { return false }
            return !(b == 88 && c == 99)
        case 198: return b & 0xfe != 18 && !(b == 51 && c == 100)
        case 203: return !(b == 0 && c == 113)
        default: return a < 224
        }
    }

    /// Sixteen bytes in network order. Only global unicast (2000::/3) counts; forms that carry an IPv4 address are
    /// judged by that address.
    static func isPublic(v6 address: [UInt8]) -> Bool {
        guard address.count == 16 else { return false }
        if address.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]) {
            return isPublic(v4: Array(address[12...]))
        }
        if address.starts(with: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]) {
            return isPublic(v4: Array(address[12...]))
        }
        guard address[0] & 0xe0 == 0x20 else { return false }
        if address[0] == 0x20, address[1] == 0x02 { return isPublic(v4: Array(address[2..<6])) }
        // Teredo and the other protocol assignments of 2001::/23, and documentation.
        if address[0] == 0x20, address[1] == 0x01 {
            if address[2] & 0xfe == 0 { return false }
            if address[2] == 0x0d, address[3] == 0xb8 { return false }
        }
        return true
    }

    /// A socket address of any family; families without addresses of their own are not public.
    static func isPublic(_ address: UnsafeRawBufferPointer, family: Int32) -> Bool {
        switch family {
        case AF_INET where address.count >= 8: return isPublic(v4: Array(address[4..<8]))
        case AF_INET6 where address.count >= 24: return isPublic(v6: Array(address[8..<24]))
        default: return false
        }
    }

    /// What can be said of a host before it is resolved: false for private literals and for `localhost`.
    static func mayBePublic(host: String) -> Bool {
        var name = host.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        if name == "localhost" || name.hasSuffix(".localhost") { return false }
        if name.hasPrefix("["), name.hasSuffix("]") {
            let literal = name.dropFirst().dropLast().prefix { $0 != "%" }
            var bytes = [UInt8](repeating: 0, count: 16)
            return inet_pton(AF_INET6, String(literal), &bytes) == 1 && isPublic(v6: bytes)
        }
        var bytes = [UInt8](repeating: 0, count: 4)
        return inet_pton(AF_INET, name, &bytes) == 1 ? isPublic(v4: bytes) : true
    }
}
