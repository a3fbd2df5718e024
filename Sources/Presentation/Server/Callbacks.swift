import CMicroHTTPD
import Glibc
import Synchronization

// What libmicrohttpd calls, from its epoll threads. The context of all of them is the `HTTPServerCore`, which
// outlives the daemon, so it is never retained or released here.

/// The head of a request begins: its exchange comes to be.
func requestBegan(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context, let connection,
        let record = cutroom_mhd_connection_context(connection)
    else { return nil }
    let exchange = WireExchange(
        core: Unmanaged<HTTPServerCore>.fromOpaque(context).takeUnretainedValue(),
        connection: Unmanaged<Connection>.fromOpaque(record).takeUnretainedValue(),
        handle: connection,
        target: target.map { String(cString: $0) } ?? "")
    exchange.connection.headBegan()
    // Balanced in `requestCompleted`, which libmicrohttpd calls exactly once for each request that began.
    return Unmanaged.passRetained(exchange).toOpaque()
}

/// The request's head, a piece of its body, its end, or a resumption.
func requestAdvanced(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
    uploadSize: UnsafeMutablePointer<Int>?,
    requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let pointer = requestContext?.pointee, let method, let version, let uploadSize else { return .NO }
    let exchange = Unmanaged<WireExchange>.fromOpaque(pointer).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)
    uploadSize.pointee = 0
    return exchange.advance(method: method, version: version, upload: bytes)
}

/// The request is over: answered, or its connection broken.
func requestCompleted(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, reason: MHD_RequestTerminationCode
) {
    guard let pointer = requestContext?.pointee else { return }
    requestContext?.pointee = nil
    // Balances `requestBegan`.
    Unmanaged<WireExchange>.fromOpaque(pointer).takeRetainedValue().completed()
}

/// A connection has been accepted, or is about to be closed.
func connectionChanged(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?,
    connectionContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, change: MHD_ConnectionNotificationCode
) {
    guard let context, let connection, let connectionContext else { return }
    let core = Unmanaged<HTTPServerCore>.fromOpaque(context).takeUnretainedValue()
    switch change {
    case .CONNECTION_NOTIFY_STARTED:
        let record = core.connections.insert(
            cutroom_mhd_socket(connection), from: PeerAddress(cutroom_mhd_peer(connection)),
            under: encryption(of: connection, in: core))
        // Balanced below: each connection that started is closed once.
        connectionContext.pointee = Unmanaged.passRetained(record).toOpaque()
    case .CONNECTION_NOTIFY_CLOSED:
        guard let pointer = connectionContext.pointee else { return }
        connectionContext.pointee = nil
        let record = Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue()
        core.connections.remove(record)
        record.closed()
        core.watch.connectionEnded()
    @unknown default:
        break
    }
}

/// The encryption of a connection that has just begun; nil where TLS is not spoken.
private func encryption(of connection: OpaquePointer, in core: HTTPServerCore) -> Encryption? {
    guard let identity = core.identity.withLock({ $0 }), let session = cutroom_mhd_tls_session(connection)
    else { return nil }
    return Encryption(OpaquePointer(session), showing: identity)
}

/// Leaves paths and queries as they were sent; routes decode them, segment by segment.
func leaveEscaped(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, text: UnsafeMutablePointer<CChar>?
) -> Int {
    text.map { strlen($0) } ?? 0
}

/// Takes the header fields of a request over, in one block.
func headerFields(of connection: OpaquePointer) -> HTTPFields {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    withUnsafeMutablePointer(to: &bytes) { bytes in
        // The pointer is used during the call only.
        _ = MHD_get_connection_values_n(
            connection, .HEADER_KIND,
            { context, _, name, nameSize, value, valueSize in
                guard let bytes = context?.assumingMemoryBound(to: [UInt8].self), let name else {
                    return .YES
                }
                bytes.pointee.append(contentsOf: UnsafeRawBufferPointer(start: name, count: nameSize))
                bytes.pointee.append(0)
                if let value {
                    bytes.pointee.append(contentsOf: UnsafeRawBufferPointer(start: value, count: valueSize))
                }
                bytes.pointee.append(0)
                return .YES
            }, bytes)
    }
    return HTTPFields(nulTerminated: bytes)
}

extension PeerAddress {
    init(_ address: UnsafePointer<sockaddr>?) {
        switch address.map({ Int32($0.pointee.sa_family) }) {
        case AF_INET:
            self =
                UnsafeRawPointer(address).map {
                    .v4(UInt32(bigEndian: $0.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
                } ?? .unknown
        case AF_INET6:
            self =
                UnsafeRawPointer(address).map { pointer in
                    let bytes = pointer + (MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8)
                    return .v6(
                        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
                } ?? .unknown
        default:
            self = .unknown
        }
    }
}
