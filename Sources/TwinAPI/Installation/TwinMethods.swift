public import CurlHTTP
internal import Synchronization

/// An endpoint whose path is published and whose method is not.
public struct TwinEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// As a configuration names it.
    public let name: String
    /// The methods to try, the likeliest first.
    let candidates: [HTTPMethod]

    /// `users/me/activate`.
    public static let activate = TwinEndpoint(name: "activate", candidates: [.patch, .put, .post])
    /// `users/me/pause`.
    public static let pause = TwinEndpoint(name: "pause", candidates: [.patch, .put, .post])
    /// `clients/{id}/ban`.
    public static let ban = TwinEndpoint(name: "ban", candidates: [.patch, .put, .post])
    /// `clients/{id}/unban`.
    public static let unban = TwinEndpoint(name: "unban", candidates: [.patch, .put, .post])
    /// `sessions/{id}/operators/{id}`, to take a session out of help.
    public static let take = TwinEndpoint(name: "take", candidates: [.put, .patch])

    public static let all: [TwinEndpoint] = [.activate, .pause, .ban, .unban, .take]

    /// The endpoint of that name in a configuration.
    public init?(name: String) {
        guard let endpoint = Self.all.first(where: { $0.name == name }) else { return nil }
        self = endpoint
    }

    private init(name: String, candidates: [HTTPMethod]) {
        self.name = name
        self.candidates = candidates
    }

    public static func == (one: TwinEndpoint, other: TwinEndpoint) -> Bool { one.name == other.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    public var description: String { name }
}

/// Which methods were seen to work, by service address. Share one between all accounts of a host.
///
/// An endpoint is tried with its likeliest method first, and with the next only where the answer is 405. What worked
/// comes first from then on. May be used from anywhere.
public final class TwinMethods: Sendable {
    private struct Place: Hashable {
        let address: String
        let endpoint: TwinEndpoint
    }

    private let found = Mutex<[Place: HTTPMethod]>([:])

    /// Knows nothing yet.
    public init() {}

    /// The method that worked for an endpoint at an address; nil while that is not known.
    public func known(_ endpoint: TwinEndpoint, at address: String) -> HTTPMethod? {
        found.withLock { $0[Place(address: address, endpoint: endpoint)] }
    }

    /// Remembers a method that worked.
    public func remember(_ method: HTTPMethod, for endpoint: TwinEndpoint, at address: String) {
        found.withLock { $0[Place(address: address, endpoint: endpoint)] = method }
    }

    /// The methods to try, in order. A method from the configuration is the only one.
    func candidates(_ endpoint: TwinEndpoint, at address: String, configured: HTTPMethod?) -> [HTTPMethod] {
        if let configured { return [configured] }
        guard let known = known(endpoint, at: address) else { return endpoint.candidates }
        return [known] + endpoint.candidates.filter { $0 != known }
    }
}
