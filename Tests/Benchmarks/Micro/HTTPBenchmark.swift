import CurlHTTP
import Synchronization

/// Requests through one client, so many in flight and as many connections.
struct HTTPBenchmark {
    let url: String
    let inFlight: Int
    let requests: Int

    /// Returns how many of the measured requests failed.
    func run(_ report: inout Report) async throws -> Int {
        let client = try HTTPClient(
            configuration: HTTPClientConfiguration(
                proxy: .none, connectionsPerHost: inFlight, totalConnections: inFlight))
        _ = await send(requests / 10 + 1, client)
        let watch = Stopwatch()
        let failed = await send(requests, client)
        report.add("http_in_flight", inFlight)
        report.add("http_requests", requests)
        report.add("http_failed", failed)
        report.add("http_requests_per_second", Double(requests) * 1e9 / watch.wallNanoseconds, parts: 1)
        report.add("http_cpu_us_per_request", watch.cpuNanoseconds / 1e3 / Double(requests), parts: 100)
        await client.shutdown()
        return failed
    }

    private func send(_ count: Int, _ client: HTTPClient) async -> Int {
        let left = Countdown(from: count)
        let request = HTTPRequest(.get, url, headers: [HTTPHeader("Accept", "application/json")])
        return await withTaskGroup(of: Int.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    var failed = 0
                    while left.take() {
                        let response = try? await client.send(request)
                        if response?.status != 200 { failed += 1 }
                    }
                    return failed
                }
            }
            return await group.reduce(0, +)
        }
    }
}

/// What is still to be done, for several tasks to take from.
private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(from count: Int) {
        left = Atomic(count)
    }

    func take() -> Bool {
        left.subtract(1, ordering: .relaxed).oldValue > 0
    }
}
