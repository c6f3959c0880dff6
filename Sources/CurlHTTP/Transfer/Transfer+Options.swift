import CCurl

/// What was last told to an easy handle, so that only differences are told again.
struct AppliedOptions {
    var customMethod: String?
    var timeout = -1
    var connectTimeout = -1
    var maxFileSize = 0
    var headers: [HTTPHeader] = []
    var headersAreForParts = false
    var headerList: UnsafeMutablePointer<curl_slist>?
    var proxy: String?
    var bypass: String?
}

extension Transfer {
    /// Everything that is the same for all requests of a client.
    func applyFixedOptions(share: UnsafeMutableRawPointer) {
        installCallbacks()
        ccurl_set_pointer(easy, CURLOPT_SHARE, share)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_quick_exit(easy)
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, options.idleSeconds)
        ccurl_set_string(easy, CURLOPT_USERAGENT, options.userAgent)
        // Empty means every encoding this libcurl can undo.
        ccurl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "")
        ccurl_set_long(
            easy, CURLOPT_HTTP_VERSION, options.http2 ? CURL_HTTP_VERSION_2TLS : Int(CURL_HTTP_VERSION_1_1))
        ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        ccurl_set_long(easy, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        // An empty string, unlike none, keeps libcurl from reading the environment.
        ccurl_set_string(easy, CURLOPT_PROXY, "")
        ccurl_set_string(easy, CURLOPT_NOPROXY, "")
        applyTrust()
    }

    private func applyTrust() {
        switch options.trust {
        case .system:
            guard ccurl_default_ca_file() != nil else { return }
            ccurl_set_string(easy, CURLOPT_CAPATH, nil)
            ccurl_set_string(easy, CURLOPT_PROXY_CAPATH, nil)
        case .file(let file, let directory):
            ccurl_set_string(easy, CURLOPT_CAINFO, file)
            ccurl_set_string(easy, CURLOPT_CAPATH, directory)
            ccurl_set_string(easy, CURLOPT_PROXY_CAINFO, file)
            ccurl_set_string(easy, CURLOPT_PROXY_CAPATH, directory)
        case .bundle(let bytes):
            bytes.withUnsafeBytes { buffer in
                _ = ccurl_set_blob(easy, CURLOPT_CAINFO_BLOB, buffer.baseAddress, buffer.count)
                _ = ccurl_set_blob(easy, CURLOPT_PROXY_CAINFO_BLOB, buffer.baseAddress, buffer.count)
            }
        case .none:
            ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
            ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
            ccurl_set_long(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 0)
            ccurl_set_long(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 0)
        }
    }

    /// What belongs to one hop.
    func apply(_ exchange: Exchange) -> CURLcode {
        let request = exchange.prepared
        let code = ccurl_set_string(easy, CURLOPT_URL, request.url)
        guard code == CURLE_OK else { return code }
        // On plain connections there is nothing to wait for: HTTP/2 is agreed on in the TLS handshake.
        ccurl_set_long(easy, CURLOPT_PIPEWAIT, request.isSecure && options.http2 ? 1 : 0)
        applyProxy(request)
        applyLimits(exchange)
        let bodyCode = applyBody(request)
        guard bodyCode == CURLE_OK else { return bodyCode }
        return applyHeaders(request)
    }

    private func applyProxy(_ request: PreparedRequest) {
        let proxy = options.proxies.proxy(isSecure: request.isSecure) ?? ""
        let bypass = request.route == .proxied ? "" : options.proxies.bypass
        if applied.proxy ?? "" != proxy {
            ccurl_set_string(easy, CURLOPT_PROXY, proxy)
            applied.proxy = proxy
        }
        if applied.bypass ?? "" != bypass {
            ccurl_set_string(easy, CURLOPT_NOPROXY, bypass)
            applied.bypass = bypass
        }
    }

    private func applyLimits(_ exchange: Exchange) {
        let timeout =
            exchange.hasWaited
            ? Int(max(1, exchange.deadline - MonotonicClock.milliseconds))
            : Int(exchange.request.timeout.timeLimitMilliseconds)
        let connectTimeout = Int(exchange.request.connectTimeout.timeLimitMilliseconds)
        if applied.timeout != timeout {
            ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, timeout)
            applied.timeout = timeout
        }
        if applied.connectTimeout != connectTimeout {
            ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, connectTimeout)
            applied.connectTimeout = connectTimeout
        }
        // A HEAD answer announces the size of a body that does not come; 0 is no limit, and the limit of 0 is kept by
        // counting what arrives.
        let maxFileSize = exchange.prepared.method == .head ? 0 : bodyLimit
        if applied.maxFileSize != maxFileSize {
            ccurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(maxFileSize))
            applied.maxFileSize = maxFileSize
        }
    }

    private func applyBody(_ request: PreparedRequest) -> CURLcode {
        source = nil
        var standardMethod = HTTPMethod.post
        switch request.body {
        case .none where request.method == .post || request.method == .put || request.method == .patch:
            applyCopiedBody([])
        case .none where request.method == .head:
            standardMethod = .head
            ccurl_set_long(easy, CURLOPT_NOBODY, 1)
        case .none:
            standardMethod = .get
            ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
        case .bytes(let bytes):
            applyCopiedBody(bytes)
        case .source(let body):
            source = body
            ccurl_set_long(easy, CURLOPT_POST, 1)
            ccurl_set_string(easy, CURLOPT_POSTFIELDS, nil)
            ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.size))
        case .parts(let parts):
            guard applyParts(parts) else { return CURLE_OUT_OF_MEMORY }
        }
        let customMethod = request.method == standardMethod ? nil : request.method.rawValue
        if applied.customMethod != customMethod {
            ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, customMethod)
            applied.customMethod = customMethod
        }
        return CURLE_OK
    }

    /// POST first: it also undoes what GET and HEAD set.
    private func applyCopiedBody(_ bytes: [UInt8]) {
        ccurl_set_long(easy, CURLOPT_POST, 1)
        ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, copy(bytes))
    }

    /// The sources stay alive through the exchange, which outlives the transfer's use of them.
    private func applyParts(_ parts: [PreparedRequest.Part]) -> Bool {
        guard mime == nil, let mime = curl_mime_init(easy) else { return false }
        self.mime = mime
        for part in parts {
            guard let field = curl_mime_addpart(mime),
                curl_mime_name(field, part.name) == CURLE_OK,
                curl_mime_filename(field, part.filename) == CURLE_OK,
                curl_mime_type(field, part.contentType) == CURLE_OK,
                curl_mime_data_cb(
                    field, curl_off_t(part.source.size), Self.readPart, Self.seekPart, nil,
                    Unmanaged.passUnretained(part.source).toOpaque()) == CURLE_OK
            else { return false }
        }
        return ccurl_set_pointer(easy, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(mime)) == CURLE_OK
    }

    private func applyHeaders(_ request: PreparedRequest) -> CURLcode {
        // Parts need libcurl's own content type, so their list differs from one that keeps it back.
        let hasParts = mime != nil
        guard applied.headerList == nil || applied.headersAreForParts != hasParts || applied.headers != request.headers
        else { return CURLE_OK }
        var list: UnsafeMutablePointer<curl_slist>?
        var isComplete = true
        func append(_ line: String) {
            guard isComplete else { return }
            guard let longer = curl_slist_append(list, line) else {
                isComplete = false
                return
            }
            list = longer
        }
        var namesContentType = false
        for header in request.headers {
            if HTTPHeaders.equal(header.name.utf8, "content-type".utf8) {
                namesContentType = true
                // Without a value this line keeps libcurl's own guess from being sent.
                append("Content-Type:" + (header.value.isEmpty ? "" : " " + header.value))
            } else {
                // A semicolon is how libcurl is told to send an empty value rather than to remove the header.
                append(
                    header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
                        ? header.name + ";" : "\(header.name): \(header.value)")
            }
        }
        if !namesContentType, !hasParts { append("Content-Type:") }
        append("Expect:")
        guard isComplete else {
            curl_slist_free_all(list)
            return CURLE_OUT_OF_MEMORY
        }
        ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, list)
        curl_slist_free_all(applied.headerList)
        applied.headerList = list
        applied.headers = request.headers
        applied.headersAreForParts = hasParts
        return CURLE_OK
    }

    private static let readPart: curl_read_callback = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        return Unmanaged<BodySource>.fromOpaque(context).takeUnretainedValue()
            .read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? Int(CURL_READFUNC_ABORT)
    }

    private static let seekPart: curl_seek_callback = { context, offset, origin in
        guard let context, origin == 0,
            Unmanaged<BodySource>.fromOpaque(context).takeUnretainedValue().seek(to: Int(offset))
        else { return CURL_SEEKFUNC_FAIL }
        return CURL_SEEKFUNC_OK
    }
}
