/// Carries a script's HTTP request to its end: repeats what is safe to repeat, and says so when nobody can tell.
struct OutboundDelivery: Sendable {
    let client: any OutboundHTTP
    let timing: DeliveryTiming
    private static let attempts = 4
    private let backOff = BackOff(first: .milliseconds(250), limit: .seconds(10))

    init(client: any OutboundHTTP, timing: DeliveryTiming) {
        self.client = client
        self.timing = timing
    }

    func settle(_ fetch: LaneFetch) async -> StepOutcome.Result {
        if fetch.isInDoubt, !fetch.request.isRepeatable {
            return .failure(Self.unknown(fetch.request, "the host went down while it was under way"))
        }
        var attempt = 0
        while true {
            do {
                return .value(try await client.send(fetch.request, key: fetch.key))
            } catch {
                attempt += 1
                if error.fate == .inDoubt, !fetch.request.isRepeatable {
                    return .failure(Self.unknown(fetch.request, error.message))
                }
                guard error.retryable, attempt < Self.attempts else { return .failure(error.failure) }
                let wait = max(backOff.wait(after: attempt, random: timing.random()), error.retryAfter ?? .zero)
                do { try await timing.sleep(wait) } catch { return .failure(Self.cancelled) }
            }
        }
    }

    /// Never journaled: the host is going down and the step is settled after the next start.
    private static let cancelled = EffectFailure(code: "cancelled", message: "the host is shutting down")

    private static func unknown(_ request: HostEffect.OutboundRequest, _ reason: String) -> EffectFailure {
        .unknown(
            "whether the \(request.method) request arrived cannot be known: \(reason). "
                + "Pass repeatable = true if sending it twice is harmless")
    }
}
