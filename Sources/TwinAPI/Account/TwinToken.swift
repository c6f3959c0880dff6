internal import EventJSON

/// What a sign-in gave, on the account's own time.
struct TwinToken: Hashable, Sendable {
    let secret: TwinSecret
    /// Grows with each renewal.
    let generation: Int
    let obtainedAt: Duration
    let expiresAt: Duration
}

/// The platform's answer to a sign-in.
struct TwinGrant: Hashable, Sendable {
    let secret: TwinSecret
    let refreshSecret: TwinSecret?
    let life: Duration

    /// Reads `{"token":…,"refreshToken":…}`. Where the token does not say when it ends, or by this host's clock is over
    /// already, it lives for `ttl`.
    init?(_ element: JSONElement, ttl: Duration, secondsSince1970 now: Double) {
        guard let token = element.filledText("token", nil) else { return nil }
        secret = TwinSecret(token)
        refreshSecret = element.filledText("refreshToken", "refresh_token").map { TwinSecret($0) }
        let seconds = TwinTokenTimes(token)?.life(secondsSince1970: now)
        life = seconds.map { .seconds($0) } ?? ttl
    }

    init(secret: TwinSecret, refreshSecret: TwinSecret?, life: Duration) {
        self.secret = secret
        self.refreshSecret = refreshSecret
        self.life = life
    }
}

/// The times inside a token, in seconds since 1970. The signature is not looked at: the server does that.
struct TwinTokenTimes: Hashable, Sendable {
    /// `exp`, which may have a fraction.
    let expiry: Double
    /// `iat`: with it a life can be told although the clocks of host and server differ.
    let issued: Double?

    /// How long the token lives on; nil when this host's clock cannot tell. Where the clocks of host and server differ
    /// so much that the rest is longer than the whole, or nothing, the whole counts.
    func life(secondsSince1970 now: Double) -> Double? {
        let rest = expiry - now
        let whole = issued.map { expiry - $0 } ?? .infinity
        let life = rest > 0 && rest <= whole ? rest : whole
        return life < 1e10 ? life : nil
    }

    /// Nil when this is not a token with an end.
    init?(_ token: String) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Self.base64URL(parts[1]),
            let claims = try? JSON(parsing: payload), let expiry = claims["exp"]?.double
        else { return nil }
        self.expiry = expiry
        issued = claims["iat"]?.double.flatMap { $0 > 0 && $0 < expiry ? $0 : nil }
    }

    private static func base64URL(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text where character != UInt8(ascii: "=") {
            guard let value = sextet(character) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func sextet(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) + 4
        case UInt8(ascii: "-"), UInt8(ascii: "+"): 62
        case UInt8(ascii: "_"), UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
