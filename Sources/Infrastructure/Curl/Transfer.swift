import Application
import CCurl
import Domain
import Glibc
import Synchronization

/// One exchange: the handle, what has come of it so far, and who waits for it.
///
/// `@unchecked Sendable`: it is built by the task that asks, and from `TransferThread.add` on touched by that
/// thread alone; only `isCancelled`, an atomic, is written by others.
final class Transfer: @unchecked Sendable {
    let isCancelled = Atomic(false)
    private(set) var handle: CurlHandle
    private let request: HTTPRequest
    private let receiver: HTTPReceiver?
    private let bodyLimit: Int
    private let isProxied: Bool
    private var waiter: CheckedContinuation<HTTPResponse, any Error>?
    private var response: HTTPResponse
    private var isHeadAccepted: Bool?
    private var refusal: String?
    private var failure: (any Error)?

    init(_ request: HTTPRequest, proxy: String?, userAgent: String, bodyLimit: Int, receiver: HTTPReceiver?)
        throws
    {
        self.request = request
        self.receiver = receiver
        self.bodyLimit = bodyLimit
        handle = CurlHandle()
        response = HTTPResponse(status: 0, headers: [], url: request.url, retryAfter: nil, body: [])
        if case .stranger = request.destination { isProxied = proxy != nil } else { isProxied = false }
        try handle.prepare(request, proxy: proxy, userAgent: userAgent)
        setCallbacks()
    }

    /// Says who waits; called once, before the transfer is handed to its thread.
    func awaited(by waiter: CheckedContinuation<HTTPResponse, any Error>) {
        self.waiter = waiter
    }

    /// Gives the answer, or what stands in its place, to whom it is due.
    func finish(_ code: CURLcode) {
        let outcome = outcome(of: code)
        waiter?.resume(with: outcome)
        waiter = nil
    }

    /// Ends it because nobody waits any more.
    func abandon() {
        waiter?.resume(throwing: PortError.cancelled)
        waiter = nil
    }

    // MARK: - What libcurl calls

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        cutroom_curl_set_receiver(handle.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.from(context).take(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        handle.set(CURLOPT_HEADERDATA, context: context)
        cutroom_curl_set_receiver(handle.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let isTaken = Transfer.from(context).take(
                body: UnsafeRawBufferPointer(start: bytes, count: size * count))
            // Any other number than what was offered ends the transfer.
            return isTaken ? size * count : size * count &+ 1
        }
        handle.set(CURLOPT_WRITEDATA, context: context)
        // The address of a new connection is checked before it is opened; the one of a connection that is
        // used again, before the request goes out on it.
        cutroom_curl_set_open_socket(handle.pointer) { context, _, address in
            guard let address else { return CURL_SOCKET_BAD }
            return Transfer.from(context).openSocket(for: address)
        }
        handle.set(CURLOPT_OPENSOCKETDATA, context: context)
        cutroom_curl_set_before_request(handle.pointer) { context, remote, _, _, _ in
            let text = remote.map { String(cString: $0) } ?? ""
            let address = text.split(separator: "%").first.flatMap { NetworkAddress($0) }
            return Transfer.from(context).mayConnect(to: address)
                ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        handle.set(CURLOPT_PREREQDATA, context: context)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("libcurl lost the context of a transfer") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private func openSocket(for address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let bytes = UnsafeRawPointer(address) + (MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
        guard mayConnect(to: NetworkAddress(family: address.pointee.family, socketAddress: bytes)) else {
            return CURL_SOCKET_BAD
        }
        return socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
            address.pointee.protocol)
    }

    private func mayConnect(to address: NetworkAddress?) -> Bool {
        // Behind the operator's proxy only the proxy is connected to, and must do the check.
        guard case .stranger(let policy) = request.destination, !isProxied else { return true }
        guard let address else {
            refusal = "it does not lead to an IP address"
            return false
        }
        if let reason = policy.refusal(of: address) {
            refusal = reason
            return false
        }
        // A name may have refused addresses and one that is not.
        refusal = nil
        return true
    }

    private func take(headerLine line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            response.headers = []
        } else if let colon = text.firstIndex(of: ":") {
            response.headers.append(
                (text[..<colon].lowercased(), text[text.index(after: colon)...].trimmed))
        }
    }

    private func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        do {
            guard try acceptHead() else { return false }
            if let receiver {
                try receiver.receive(bytes)
            } else {
                guard response.body.count + bytes.count <= bodyLimit else {
                    throw PortError.corrupt("the answer of \(host) is larger than \(bodyLimit) bytes")
                }
                response.body.append(contentsOf: bytes)
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    private func acceptHead() throws -> Bool {
        if let isHeadAccepted { return isHeadAccepted }
        readHead()
        let isAccepted = try receiver?.accept(response) ?? true
        isHeadAccepted = isAccepted
        return isAccepted
    }

    private func readHead() {
        response.status = handle.long(CURLINFO_RESPONSE_CODE)
        response.url = handle.string(CURLINFO_EFFECTIVE_URL)
        let seconds = handle.large(CURLINFO_RETRY_AFTER)
        response.retryAfter = seconds > 0 ? .seconds(seconds) : nil
    }

    // MARK: - How it ended

    private var host: String {
        let rest = request.url.drop { $0 != "/" }.drop { $0 == "/" }
        return String(rest.prefix { $0 != "/" && $0 != "?" }.split(separator: "@").last ?? "the server")
    }

    private func outcome(of code: CURLcode) -> Result<HTTPResponse, any Error> {
        if let failure { return .failure(failure) }
        if isHeadAccepted == false { return .success(response) }
        if code == CURLE_OK {
            do {
                _ = try acceptHead()
                return .success(response)
            } catch {
                return .failure(error)
            }
        }
        if let refusal { return .failure(MediaError.addressRefused(refusal)) }
        let reason = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
            return .failure(
                MediaError.addressUnsupported("only well-formed http and https addresses are fetched"))
        case CURLE_TOO_MANY_REDIRECTS:
            return .failure(MediaError.fetchRefused("\(host) redirects too often"))
        case CURLE_PEER_FAILED_VERIFICATION:
            return .failure(MediaError.fetchRefused("the certificate of \(host) cannot be verified"))
        default:
            return .failure(PortError.unavailable("\(host): \(reason)"))
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let head = drop(while: \.isWhitespace)
        return String(head.reversed().drop(while: \.isWhitespace).reversed())
    }
}
