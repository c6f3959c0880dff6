import CurlHTTP
import TwinAPI
import WebSocketTestSupport

let installation = TwinInstallation(
    iam: "https://iam.example.org/api/v1/", chat: "https://chats-api.example.org/api/v1",
    realtime: "https://example.org/centrifugo/connection/websocket?a=1", notify: "https://notify.example.org/api/v1")

/// An operator's seat on a scripted platform, at a time that stands still until a test moves it.
struct Seat: Sendable {
    static let start = 1_777_709_100.0

    let platform: ScriptedPlatform
    let clock: ManualClock
    let account: TwinAccount
    let api: TwinOperatorAPI

    init(
        _ platform: ScriptedPlatform, _ installation: TwinInstallation = installation,
        policy: TwinTokenPolicy = TwinTokenPolicy(), companyID: Int? = nil
    ) {
        let clock = ManualClock()
        let began = clock.now
        self.platform = platform
        self.clock = clock
        account = TwinAccount(
            installation,
            credentials: TwinCredentials(
                email: "operator@example.org", password: "password-SECRET", companyID: companyID),
            transport: platform, policy: policy, clock: clock,
            wallClock: { Seat.start + (began.duration(to: clock.now) / .seconds(1)) }, random: { 0 })
        api = TwinOperatorAPI(account)
    }

    /// One call by an operator on a platform that answers like this.
    static func call<Value: Sendable>(
        _ platform: ScriptedPlatform, _ body: @escaping @Sendable (TwinOperatorAPI) async throws -> Value
    ) async throws -> Value {
        try await Seat(platform).run { try await body($0.api) }
    }

    /// Runs the account for as long as `body` takes.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Seat) async throws -> Value) async throws -> Value {
        try await account.running { try await body(self) }
    }
}

/// The error of a call that must fail.
func twinError(_ call: () async throws -> Void) async -> TwinError? {
    do {
        try await call()
        return nil
    } catch {
        return error as? TwinError
    }
}
