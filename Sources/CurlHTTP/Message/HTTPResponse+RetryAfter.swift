internal import CCurl

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension HTTPResponse {
    /// How long the server asks to be left alone (`Retry-After`), whether it says so in seconds or by a date; nil when
    /// it does not say.
    ///
    /// A date is compared with the answer's own `Date`, so that it means the same whatever this host's clock shows; where
    /// there is none, with that clock. A date that has passed is no wait. More than a day is a mistake, and nil.
    public var retryAfter: Duration? {
        guard let said = headers["Retry-After"] else { return nil }
        let seconds =
            Int(said) ?? Self.date(said).map { max($0 - (headers["Date"].flatMap(Self.date) ?? time(nil)), 0) }
        return seconds.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
    }

    /// A date in any of the three forms that HTTP knows, in seconds since 1970.
    private static func date(_ text: String) -> Int? {
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : seconds
    }
}
