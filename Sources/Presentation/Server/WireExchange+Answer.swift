import CMicroHTTPD
import Glibc

extension WireExchange {
    /// Hands the answer to libmicrohttpd, on the connection's thread.
    ///
    /// - Parameter closing: Whether the connection ends behind it.
    func queue(_ response: HTTPResponse, closing: Bool) -> MHD_Result {
        if case .webSocket(let upgrade) = response.body {
            return queueUpgrade(upgrade, response.fields, closing: closing)
        }
        guard let message = message(for: response) else {
            response.discard()
            return .NO
        }
        defer { MHD_destroy_response(message) }
        response.fields.withNulTerminated { cutroom_mhd_add_fields(message, $0.baseAddress, $0.count) }
        if closing { MHD_add_response_header(message, "Connection", "close") }
        if request?.method == .head, response.hasUnknownLength {
            // libmicrohttpd would send the last chunk of a body that is not there (0.9.75).
            _ = cutroom_mhd_send_unchunked(message)
        }
        guard connection.turn(to: .answering(since: monotonicMilliseconds(), taken: nil)) else {
            response.discard()
            return .NO
        }
        if case .events(let channel) = response.body { startStream(channel) }
        return MHD_queue_response(handle, UInt32(response.status.code), message)
    }

    private func message(for response: HTTPResponse) -> OpaquePointer? {
        switch response.body {
        case .empty, .webSocket:
            MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        case .bytes(let bytes):
            bytes.withUnsafeBytes { bytes in
                // The pointer is read only: libmicrohttpd copies what it points at.
                MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .file(let file, let range):
            fileMessage(file, range)
        case .stream(let source, let length):
            // Balanced by the free callback, which libmicrohttpd calls with the last use of the response.
            MHD_create_response_from_callback(
                length.map(UInt64.init) ?? UInt64.max, 32 * 1024, readSource,
                Unmanaged.passRetained(SourceReading(source)).toOpaque(), releaseSource)
        case .events:
            // Balanced by the free callback. Chunks are written straight into the connection's memory, so that
            // the buffer that belongs to the response may be small.
            MHD_create_response_from_callback(
                UInt64.max, 256, readEvents, Unmanaged.passRetained(self).toOpaque(), releaseExchange)
        }
    }

    private func fileMessage(_ file: OpenFile, _ range: Range<Int>) -> OpaquePointer? {
        // libmicrohttpd closes the descriptor that it is given, so that it gets one of its own.
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        let message = MHD_create_response_from_fd_at_offset64(
            UInt64(range.count), descriptor, UInt64(range.lowerBound))
        if message == nil { close(descriptor) }
        return message
    }

    private func startStream(_ channel: EventChannel) {
        // A client that does not read is to be found out by what waits in the channel, not after megabytes in
        // the kernel.
        var size: Int32 = 64 * 1024
        setsockopt(connection.descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        self.channel = channel
        // A stream may last for hours, and what it answers is not asked for again.
        request = nil
        connection.turn(to: .streaming(self, channel, since: monotonicMilliseconds()))
        channel.attach(self)
        // Whoever stops the server looks for streams only once, perhaps before this was one.
        if core.isStopping { channel.finish() }
    }

    private func queueUpgrade(
        _ upgrade: WebSocketUpgrade, _ fields: HTTPFields, closing: Bool
    ) -> MHD_Result {
        guard !closing, let key = request?.fields["Sec-WebSocket-Key"], connection.turn(to: .upgraded),
            let message = MHD_create_response_for_upgrade(connectionUpgraded, nil)
        else { return .NO }
        defer { MHD_destroy_response(message) }
        self.upgrade = upgrade
        fields.withNulTerminated { cutroom_mhd_add_fields(message, $0.baseAddress, $0.count) }
        MHD_add_response_header(message, "Upgrade", "websocket")
        MHD_add_response_header(message, "Sec-WebSocket-Accept", WebSocketHandshake.accept(key))
        return MHD_queue_response(handle, UInt32(HTTPStatus.switchingProtocols.code), message)
    }
}

/// The values by which a content reader ends a stream (`MHD_CONTENT_READER_END_OF_STREAM`, `…_END_WITH_ERROR`).
private enum ReaderEnd {
    static let reached = -1
    static let failed = -2
}

/// A source under way, boxed for C.
private final class SourceReading: Sendable {
    let source: any ByteSource

    init(_ source: any ByteSource) {
        self.source = source
    }
}

private func readSource(
    context: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?, size: Int
) -> Int {
    guard let context, let buffer else { return ReaderEnd.failed }
    let reading = Unmanaged<SourceReading>.fromOpaque(context).takeUnretainedValue()
    do {
        let count = try reading.source.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
        return count > 0 ? count : ReaderEnd.reached
    } catch {
        return ReaderEnd.failed
    }
}

private func releaseSource(context: UnsafeMutableRawPointer?) {
    if let context { Unmanaged<SourceReading>.fromOpaque(context).release() }
}

private func readEvents(
    context: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?, size: Int
) -> Int {
    guard let context, let buffer else { return ReaderEnd.failed }
    let exchange = Unmanaged<WireExchange>.fromOpaque(context).takeUnretainedValue()
    guard let channel = exchange.channel, !exchange.isAbandoned else { return ReaderEnd.failed }
    switch channel.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size)) {
    case .bytes(let count):
        exchange.connection.streamWritten(at: monotonicMilliseconds())
        return count
    case .nothingYet:
        exchange.park { channel.isReady }
        return 0
    case .end:
        return ReaderEnd.reached
    case .broken:
        return ReaderEnd.failed
    }
}

private func releaseExchange(context: UnsafeMutableRawPointer?) {
    if let context { Unmanaged<WireExchange>.fromOpaque(context).release() }
}

/// The handshake is out: the socket moves to the loop of WebSockets.
private func connectionUpgraded(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, requestContext: UnsafeMutableRawPointer?,
    extra: UnsafePointer<CChar>?, extraSize: Int, socket: Int32, handle: OpaquePointer?
) {
    guard let requestContext, let handle else { return }
    let exchange = Unmanaged<WireExchange>.fromOpaque(requestContext).takeUnretainedValue()
    guard let upgrade = exchange.upgrade else {
        _ = cutroom_mhd_close_upgraded(handle)
        return
    }
    let loop = exchange.core.webSockets
    loop.adopt(
        WebSocketLoop.Adoption(
            connection: WebSocketConnection(socket: socket, loop: loop), handle: handle,
            early: Array(UnsafeRawBufferPointer(start: extra, count: extraSize)), upgrade: upgrade))
}
