import CCurl

/// One easy handle, used for one exchange after another on the loop's thread.
///
/// libcurl's callbacks receive an unretained pointer to this object; the loop keeps every transfer alive until its
/// handle has been cleaned up.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    let options: ConnectionOptions
    private let share: UnsafeMutableRawPointer

    /// `nil` while the transfer is idle.
    private(set) var exchange: Exchange?
    /// Position in the loop's list of transfers.
    var index = 0

    var headerBlock: [UInt8] = []
    var responseBody: [UInt8] = []
    var bodyLimit = 0
    /// What libcurl reads the request's body from, unless it was copied or is in parts.
    var source: BodySource?
    var route = HostPolicy.Route.open
    var progress = Progress()

    var mime: OpaquePointer?
    var applied = AppliedOptions()
    private var copiedBody = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    /// What the callbacks have seen of the current hop.
    struct Progress {
        /// How often libcurl began to write the request; more than once when a connection from the pool was dead.
        var attempts = 0
        var isBodyTooLarge = false
        var isHeadTooLarge = false
        var isAddressRefused = false
    }

    init?(options: ConnectionOptions, share: UnsafeMutableRawPointer) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.options = options
        self.share = share
        applyFixedOptions(share: share)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_mime_free(mime)
        curl_slist_free_all(applied.headerList)
        copiedBody.deallocate()
    }

    /// Makes the handle ready for the exchange's current hop.
    func begin(_ exchange: Exchange) -> CURLcode {
        self.exchange = exchange
        exchange.transfer = self
        progress = Progress()
        bodyLimit = max(0, exchange.request.maxResponseBytes)
        route = exchange.prepared.route
        headerBlock.removeAll(keepingCapacity: true)
        responseBody = []
        return apply(exchange)
    }

    /// Lets go of the exchange and of all that was set for it alone. The handle must be out of the multi handle.
    func end() {
        exchange?.transfer = nil
        exchange = nil
        source = nil
        responseBody = []
        guard let mime else { return }
        // A handle that carried parts goes back to a blank state: libcurl keeps a reference to them.
        curl_easy_reset(easy)
        curl_mime_free(mime)
        self.mime = nil
        curl_slist_free_all(applied.headerList)
        applied = AppliedOptions()
        applyFixedOptions(share: share)
    }

    /// Keeps a copy of a small body at an address that stays valid for the transfer.
    func copy(_ bytes: [UInt8]) -> UnsafeMutableRawPointer? {
        if copiedBody.count < max(1, bytes.count) {
            copiedBody.deallocate()
            copiedBody = .allocate(byteCount: max(1024, bytes.count), alignment: 16)
        }
        copiedBody.copyBytes(from: bytes)
        return copiedBody.baseAddress
    }

    func takeResponse(status: Int, version: HTTPResponse.Version) -> HTTPResponse {
        defer { responseBody = [] }
        return HTTPResponse(
            status: status, headers: HTTPHeaders(block: headerBlock), body: responseBody, httpVersion: version)
    }

    var status: Int { ccurl_get_long(easy, CURLINFO_RESPONSE_CODE) }

    var httpVersion: HTTPResponse.Version {
        switch ccurl_get_long(easy, CURLINFO_HTTP_VERSION) {
        case CURL_HTTP_VERSION_1_0: .http10
        case CURL_HTTP_VERSION_1_1: .http11
        case CURL_HTTP_VERSION_2_0: .http2
        case CURL_HTTP_VERSION_3: .http3
        default: .unknown
        }
    }

    var redirectTarget: String? {
        ccurl_get_string(easy, CURLINFO_REDIRECT_URL).map { String(cString: $0) }
    }
}
