import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// What every request passes on its way in and out: throttle, faults, log, and the moment when its events leave.
///
/// Knows nothing of what a request is about, but for which platform it is meant.
struct RequestGate: Sendable {
    let router: RouterResponder<BasicRequestContext>
    let faults: FaultDials
    let log: RequestLog
    let throttle: Throttle
    let logger: Logger

    struct HungUp: Error {}

    func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let start = ContinuousClock.now
        let method = request.method.rawValue
        let path = request.head.path ?? "/"
        let isOwn = path.hasPrefix("/simulator")
        let fault = isOwn ? nil : faults.fault(method: method, path: path)
        let scope = !isOwn && faults.waitsForAnswer() ? EventPublisher.Scope() : nil
        // Whatever happens to the answer, what was written is announced.
        defer { scope?.end() }

        var answer: Response?
        if !isOwn, !throttle.admit(channel, limit: faults.settings.limits.requestsPerMinute) {
            answer = Answer.throttled.response
        }
        switch fault?.kind {
        case .throttled: answer = Answer.throttled.response
        case .failed: answer = Self.failure(fault?.status ?? 503, path).response
        case .slow: try await Task.sleep(for: .milliseconds(fault?.milliseconds ?? 0))
        case .refused:
            log.add(method: method, path: path, status: 0, duration: ContinuousClock.now - start)
            throw try await hangUp(channel)
        case .hangUp, nil: break
        }
        var response: Response
        if let answer {
            response = answer
            if let seconds = fault?.retryAfter, seconds > 0 { response.headers[.retryAfter] = String(seconds) }
        } else {
            response = await EventPublisher.$scope.withValue(scope) { await route(request, channel) }
        }
        if fault?.kind == .hangUp {
            log.add(method: method, path: path, status: 0, duration: ContinuousClock.now - start)
            throw try await hangUp(channel)
        }
        if !isOwn {
            log.add(method: method, path: path, status: response.status.code, duration: ContinuousClock.now - start)
        }
        if request.headers[.connection] == "close" { response.headers[.connection] = "close" }
        try await writer.write(response: response.head, body: response.body)
    }

    private func route(_ request: Request, _ channel: any Channel) async -> Response {
        let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        do {
            let response = try await router.respond(to: request, context: context)
            // The router's own answer to a path that it does not know has no body.
            let isUnknown = response.status == .notFound && response.headers[.contentType] == nil
            return isUnknown ? Answer.notFound.response : response
        } catch {
            logger.debug("Request failed", metadata: ["error.type": "\(type(of: error))"])
            return Answer.crash.response
        }
    }

    /// An API words what is the caller's fault; the rest comes from a proxy in front of it.
    private static func failure(_ status: Int, _ path: String) -> Answer {
        guard TwinPath.holds(path), status < 500 else { return .proxyError(status) }
        return (status == 401 ? TwinRefusal.expired(status: 401) : .plain(status)).answer
    }

    private func hangUp(_ channel: any Channel) async throws -> HungUp {
        try? await channel.close()
        return HungUp()
    }
}

/// Counts requests per address in minutes of the clock, as the platform's throttle does.
final class Throttle: Sendable {
    private struct State {
        var minute = 0
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func admit(_ channel: any Channel, limit: Int) -> Bool {
        guard limit > 0 else { return true }
        let minute = Date().epochSeconds / 60
        let address = channel.remoteAddress?.ipAddress ?? ""
        return state.withLock { state in
            if state.minute != minute { state = State(minute: minute) }
            state.counts[address, default: 0] += 1
            return state.counts[address, default: 0] <= limit
        }
    }
}
