import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// libcurl calls these on the loop's thread while it is inside one of the multi functions. None of them throws,
/// suspends, or calls back into the handle.
extension Transfer {
    private static func from(_ context: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Headers that take more than this are an attack or a mistake.
    private static let headerLimit = 256 * 1024

    func installCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        ccurl_set_pointer(easy, CURLOPT_SEEKDATA, context)
        ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
        ccurl_set_transfer_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return Transfer.from(context).receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        ccurl_set_transfer_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            return Transfer.from(context).receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        ccurl_set_transfer_function(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let bytes, let context, let source = Transfer.from(context).source else { return 0 }
            return source.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
                ?? Int(CURL_READFUNC_ABORT)
        }
        ccurl_set_seek_function(easy) { context, offset, origin in
            guard let context, let source = Transfer.from(context).source, origin == SEEK_SET,
                source.seek(to: Int(offset))
            else { return CURL_SEEKFUNC_FAIL }
            return CURL_SEEKFUNC_OK
        }
        ccurl_set_request_function(easy) { context, _, _, _, _ in
            guard let context else { return CURL_PREREQFUNC_ABORT }
            return Transfer.from(context).beginAttempt() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        guard options.policy.isActive else { return }
        ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        ccurl_set_socket_function(easy) { context, _, address in
            guard let context, let address else { return noSocket }
            return Transfer.from(context).openSocket(address)
        }
    }

    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= bodyLimit - responseBody.count else {
            progress.isBodyTooLarge = true
            return 0
        }
        responseBody.append(contentsOf: bytes)
        return bytes.count
    }

    /// A status line starts a new head: interim answers come before the final one.
    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        if line.count >= 5, line[0] == UInt8(ascii: "H"), line.starts(with: "HTTP/".utf8) {
            headerBlock.removeAll(keepingCapacity: true)
            return line.count
        }
        guard line.count <= Self.headerLimit - headerBlock.count else {
            progress.isHeadTooLarge = true
            return 0
        }
        if line.count > 2 { headerBlock.append(contentsOf: line) }
        return line.count
    }

    /// libcurl repeats a request by itself when a connection from the pool turns out to be dead, although the server
    /// may have acted on it before it went away. Only what is idempotent may be repeated.
    private func beginAttempt() -> Bool {
        progress.attempts += 1
        return progress.attempts == 1 || exchange?.prepared.method.isIdempotent == true
    }

    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        if route == .guarded {
            let bytes = UnsafeRawBufferPointer(
                start: ccurl_address_bytes(address), count: Int(address.pointee.addrlen))
            guard AddressPolicy.isPublic(bytes, family: address.pointee.family) else {
                progress.isAddressRefused = true
                return noSocket
            }
        }
        let descriptor = socket(address.pointee.family, address.pointee.socktype, address.pointee.`protocol`)
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return descriptor
    }
}

private let noSocket: curl_socket_t = -1
