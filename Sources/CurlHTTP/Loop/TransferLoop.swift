import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The multi handle and all that hangs on it; made, used and ended on one thread.
///
/// It drives libcurl by `curl_multi_socket_action`, which looks only at sockets that are ready. No libcurl function
/// that takes the multi handle or one of its easy handles is called from another thread; those only fill the mailbox.
final class TransferLoop {
    private let multi: UnsafeMutableRawPointer
    private let share: UnsafeMutableRawPointer
    private let options: ConnectionOptions
    private let mailbox: Mailbox
    private let alarm: Alarm

    private var sockets: PollSet
    private var ready: [PollSet.Ready] = []
    /// When libcurl wants to be called without a ready socket.
    private var wakeTime: Int64?

    private var admission: Admission
    private var isRefilling = false

    /// All transfers with a handle, busy or idle.
    private var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    /// More than this are given back after a burst.
    private static let idleLimit = 256

    /// `nil` when libcurl has no memory left.
    init?(options: ConnectionOptions, mailbox: Mailbox, alarm: Alarm) {
        guard let multi = curl_multi_init() else { return nil }
        guard let share = curl_share_init() else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.multi = multi
        self.share = share
        self.options = options
        self.mailbox = mailbox
        self.alarm = alarm
        admission = Admission(connectionsPerHost: options.connectionsPerHost)
        sockets = PollSet(alarm: alarm.readEnd)
        // One thread uses the share, so it needs no locks. Sessions let a new connection skip half the handshake.
        ccurl_share_enable(share, CURL_LOCK_DATA_SSL_SESSION)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost)
        ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, options.totalConnections)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.totalConnections)
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_watch(
            multi,
            { _, socket, what, context, _ in
                guard let context else { return 0 }
                Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue().sockets.watch(socket, what)
                return 0
            }, context)
        ccurl_multi_set_timer(
            multi,
            { _, milliseconds, context in
                guard let context else { return 0 }
                let loop = Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue()
                loop.wakeTime =
                    milliseconds < 0 ? nil : milliseconds == 0 ? 0 : MonotonicClock.milliseconds + Int64(milliseconds)
                return 0
            }, context)
    }

    deinit {
        transfers.removeAll()
        idle.removeAll()
        curl_multi_cleanup(multi)
        curl_share_cleanup(share)
    }

    /// Returns when the mailbox says stop; every exchange has its outcome then.
    func run() {
        var mail = Mailbox.Contents()
        while true {
            mailbox.drain(into: &mail)
            for exchange in mail.submissions { receive(exchange) }
            for exchange in mail.cancellations { cancel(exchange) }
            mail.submissions.removeAll(keepingCapacity: true)
            mail.cancellations.removeAll(keepingCapacity: true)
            if mail.isStopping { break }
            expireWaiting()
            actOnTimer()
            collectFinished()
            if sockets.wait(milliseconds: waitingTime(), into: &ready) { alarm.silence() }
            var running: Int32 = 0
            for socket in ready { curl_multi_socket_action(multi, socket.socket, socket.events, &running) }
            collectFinished()
        }
        for transfer in transfers {
            guard let exchange = transfer.exchange else { continue }
            abort(transfer, exchange, .shutdown, Self.shutdownMessage)
            transfer.end()
        }
        for exchange in admission.removeAll() {
            exchange.fail(.shutdown, Self.shutdownMessage, retryable: false, sent: false)
        }
    }

    private static let shutdownMessage = "The HTTP client was shut down."

    private func waitingTime() -> Int32 {
        guard mailbox.prepareToWait() else { return 0 }
        let time = min(wakeTime ?? .max, admission.nextExpiry ?? .max)
        if time == .max { return -1 }
        return time == 0 ? 0 : Int32(clamping: max(0, time - MonotonicClock.milliseconds))
    }

    private func expireWaiting() {
        guard admission.nextExpiry != nil else { return }
        for exchange in admission.expired(at: MonotonicClock.milliseconds) {
            exchange.fail(
                .timeout, "No connection to the server became free in time.", retryable: true, sent: false)
        }
    }

    private func actOnTimer() {
        guard let due = wakeTime, due == 0 || due <= MonotonicClock.milliseconds else { return }
        wakeTime = nil
        var running: Int32 = 0
        curl_multi_socket_action(multi, noSocket, 0, &running)
    }

    private func receive(_ exchange: Exchange) {
        exchange.deadline = MonotonicClock.milliseconds + exchange.request.timeout.timeLimitMilliseconds
        if admission.admit(exchange) { start(exchange) }
    }

    /// Starts an exchange that was admitted.
    private func start(_ exchange: Exchange) {
        guard let transfer = idle.popLast() ?? makeTransfer() else {
            exchange.fail(.internal, "libcurl has no memory left.", retryable: true, sent: false)
            leave(exchange, speaking: nil)
            return
        }
        startHop(transfer, exchange)
    }

    /// Gives the exchange's place to whoever waits for it.
    private func leave(_ exchange: Exchange, speaking version: HTTPResponse.Version?) {
        guard let origin = exchange.origin.take() else { return }
        admission.leave(origin, speaking: version)
        // An exchange that fails to start comes back here at once; the outer call's loop goes on with the next.
        guard !isRefilling else { return }
        isRefilling = true
        while let next = admission.next(origin) { start(next) }
        isRefilling = false
    }

    private func startHop(_ transfer: Transfer, _ exchange: Exchange) {
        let result = transfer.begin(exchange)
        guard result == CURLE_OK, curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            fail(transfer, exchange, result == CURLE_OK ? CURLE_OUT_OF_MEMORY : result)
            release(transfer)
            return
        }
    }

    private func makeTransfer() -> Transfer? {
        guard let transfer = Transfer(options: options, share: share) else { return nil }
        transfer.index = transfers.count
        transfers.append(transfer)
        return transfer
    }

    private func release(_ transfer: Transfer, speaking version: HTTPResponse.Version? = nil) {
        let exchange = transfer.exchange
        transfer.end()
        defer { if let exchange { leave(exchange, speaking: version) } }
        if idle.count < Self.idleLimit {
            idle.append(transfer)
            return
        }
        let last = transfers.removeLast()
        guard last !== transfer else { return }
        transfers[transfer.index] = last
        last.index = transfer.index
    }

    private func cancel(_ exchange: Exchange) {
        guard let transfer = exchange.transfer else {
            // Waiting; its place in the queue is skipped later. A finished exchange takes no second outcome.
            exchange.fail(.cancelled, "The request was cancelled.", retryable: false, sent: false)
            return
        }
        abort(transfer, exchange, .cancelled, "The request was cancelled.")
        release(transfer)
    }

    /// Taking a handle out in the middle of a transfer closes its connection, or resets its HTTP/2 stream.
    private func abort(_ transfer: Transfer, _ exchange: Exchange, _ code: HTTPError.Code, _ message: String) {
        curl_multi_remove_handle(multi, transfer.easy)
        exchange.fail(code, message, retryable: false, sent: transfer.progress.attempts > 0)
    }

    private func collectFinished() {
        var result = CURLE_OK
        while let easy = ccurl_multi_next_finished(multi, &result) {
            guard let context = ccurl_get_context(easy) else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            guard let exchange = transfer.exchange else { continue }
            if result == CURLE_OK {
                succeed(transfer, exchange)
            } else {
                fail(transfer, exchange, result)
                curl_multi_remove_handle(multi, easy)
                release(transfer)
            }
        }
    }

    private func succeed(_ transfer: Transfer, _ exchange: Exchange) {
        let status = transfer.status
        let version = transfer.httpVersion
        let location = isFollowed(status, exchange) ? transfer.redirectTarget : nil
        if location == nil { exchange.finish(.success(transfer.takeResponse(status: status, version: version))) }
        curl_multi_remove_handle(multi, transfer.easy)
        release(transfer, speaking: version)
        if let location { follow(location, status, exchange) }
    }

    private func isFollowed(_ status: Int, _ exchange: Exchange) -> Bool {
        exchange.request.redirectLimit > 0 && Redirect.isRedirect(status)
    }

    private func follow(_ location: String, _ status: Int, _ exchange: Exchange) {
        let limit = exchange.request.redirectLimit
        guard exchange.redirectsFollowed < limit else {
            exchange.fail(.redirect, "The server redirects more than \(limit) times.", retryable: false, sent: true)
            return
        }
        switch Redirect.step(from: exchange.prepared, status: status, location: location, policy: options.policy) {
        case .refuse(let code, let message):
            exchange.fail(code, message, retryable: false, sent: true)
        case .follow(let next):
            exchange.prepared = next
            exchange.redirectsFollowed += 1
            exchange.hasWaited = true
            if admission.admit(exchange) { start(exchange) }
        }
    }

    private func fail(_ transfer: Transfer, _ exchange: Exchange, _ result: CURLcode) {
        let failure = transfer.failure(result, of: exchange)
        exchange.fail(
            failure.code, failure.message, retryable: failure.isRetryable, sent: transfer.progress.attempts > 0,
            curlCode: Int32(result.rawValue))
    }
}

/// libcurl's macro for the timer is a cast, which Swift does not import.
private let noSocket: curl_socket_t = -1
