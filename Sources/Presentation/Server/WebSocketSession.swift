import CLinux
import CMicroHTTPD
import CWslay
import Glibc

/// One WebSocket as the loop sees it: a socket and wslay's state of it.
///
/// It is not `Sendable`: only the loop's thread ever holds one.
final class WebSocketSession {
    /// Bytes that wslay may hold before more is taken from the outbox.
    private static let framedLimit = 16 * 1024
    /// Messages that may wait to be sent before nothing is read: each ping makes a pong.
    private static let queueLimit = 64
    /// Bytes that are read of one client before it is the turn of the others.
    private static let turn = 64 * 1024
    /// How long a client may take to answer a close.
    private static let closingDeadline = Duration.seconds(5)

    let connection: WebSocketConnection
    private let handle: OpaquePointer
    private var context: wslay_event_context_ptr?
    /// What the client had sent right behind its handshake, and how much of it is read.
    private var early: [UInt8]
    private var earlyRead = 0
    /// Bytes that may still be read in this turn.
    private var allowance = 0
    private var heard: Int64
    private var isProbed = false
    private var closeSent: Int64?

    /// Takes a socket over; nil when memory is short.
    init?(_ adoption: WebSocketLoop.Adoption, at now: Int64) {
        connection = adoption.connection
        handle = adoption.handle
        early = adoption.early
        heard = now
        var callbacks = wslay_event_callbacks()
        callbacks.recv_callback = receiveBytes
        callbacks.send_callback = sendBytes
        callbacks.on_msg_recv_callback = messageReceived
        // Unretained, since the context is freed before this object is.
        let user = Unmanaged.passUnretained(self).toOpaque()
        guard wslay_event_context_server_init(&context, &callbacks, user) == 0 else { return nil }
        wslay_event_config_set_max_recv_msg_length(context, UInt64(adoption.upgrade.maximumMessage))
    }

    deinit {
        if let context { wslay_event_context_free(context) }
    }

    /// Moves bytes both ways as far as they go.
    ///
    /// - Returns: What to wait for (`EPOLLIN`, `EPOLLOUT`), or nil when the connection is over.
    func advance(readable: Bool, at now: Int64) -> UInt32? {
        if readable {
            heard = now
            isProbed = false
        }
        allowance = Self.turn
        if readable || earlyRead < early.count, wantsRead, wslay_event_recv(context) != 0 { return nil }
        guard send() else { return nil }
        // Nothing calls for what is here already; having sent may have made room for it.
        while earlyRead < early.count, wantsRead {
            guard wslay_event_recv(context) == 0, send() else { return nil }
        }
        let wantsWrite = wslay_event_want_write(context) != 0
        if closeSent == nil, wslay_event_get_close_sent(context) != 0 { closeSent = now }
        if wslay_event_get_close_received(context) != 0, !wantsWrite { return nil }
        if wslay_event_want_read(context) == 0, !wantsWrite { return nil }
        return (wantsRead ? EPOLLIN.rawValue : 0) | (wantsWrite ? EPOLLOUT.rawValue : 0)
    }

    /// Probes a silent client.
    ///
    /// - Returns: Whether it may stay: not if it has been silent since the last probe, or owes a close.
    func probe(at now: Int64, every heartbeat: Duration) -> Bool {
        if let closeSent { return now - closeSent < Self.closingDeadline.milliseconds }
        guard now - heard >= heartbeat.milliseconds else { return true }
        if isProbed { return now - heard < 2 * heartbeat.milliseconds }
        isProbed = true
        var ping = wslay_event_msg(opcode: UInt8(WSLAY_PING.rawValue), msg: nil, msg_length: 0)
        return wslay_event_queue_msg(context, &ping) == 0
    }

    /// Gives the socket back to libmicrohttpd, which closes it.
    func dispose() {
        connection.end()
        _ = cutroom_mhd_close_upgraded(handle)
    }

    private var wantsRead: Bool {
        wslay_event_want_read(context) != 0 && hasRoom
    }

    /// Whether there is room for what may come of reading on.
    private var hasRoom: Bool {
        connection.hasRoom && wslay_event_get_queued_msg_count(context) < Self.queueLimit
    }

    /// Sends as much as goes; false when the connection is over.
    private func send() -> Bool {
        repeat {
            frameOutgoing()
            if wslay_event_want_write(context) != 0, wslay_event_send(context) != 0 { return false }
        } while wslay_event_want_write(context) == 0 && frameOutgoing()
        return true
    }

    /// Hands messages to wslay while it holds little; true if there was any.
    @discardableResult
    private func frameOutgoing() -> Bool {
        var hasAny = false
        while wslay_event_get_queued_msg_length(context) < Self.framedLimit,
            // wslay lets a close overtake the messages before it, so that it has to wait for them here.
            let outgoing = connection.takeOutgoing(closing: wslay_event_get_queued_msg_count(context) == 0)
        {
            hasAny = true
            switch outgoing {
            case .text(let text, isReplay: _):
                var text = text
                text.withUTF8 { bytes in
                    var message = wslay_event_msg(
                        opcode: UInt8(WSLAY_TEXT_FRAME.rawValue), msg: bytes.baseAddress,
                        msg_length: bytes.count)
                    _ = wslay_event_queue_msg(context, &message)
                }
            case .close(let code, let reason):
                let reason = Array(reason.utf8.prefix(123))
                _ = wslay_event_queue_close(context, code.code, reason, reason.count)
            }
        }
        return hasAny
    }

    // MARK: Called by wslay

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard hasRoom, allowance > 0 else { return wouldBlock() }
        if earlyRead < early.count {
            let count = min(early.count - earlyRead, buffer.count)
            buffer.copyBytes(from: early[earlyRead..<earlyRead + count])
            earlyRead += count
            return count
        }
        let count = linux_receive_at_once(connection.socket, buffer.baseAddress, buffer.count)
        allowance -= max(0, count)
        return count > 0 ? count : failure(isEnd: count == 0)
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = linux_send_at_once(connection.socket, bytes.baseAddress, bytes.count)
        return count >= 0 ? count : failure(isEnd: false)
    }

    fileprivate func received(_ message: wslay_event_on_msg_recv_arg) {
        switch UInt32(message.opcode) {
        case WSLAY_TEXT_FRAME.rawValue:
            let bytes = UnsafeBufferPointer(start: message.msg, count: message.msg_length)
            connection.deliver(.text(String(decoding: bytes, as: UTF8.self)))
        case WSLAY_BINARY_FRAME.rawValue:
            _ = wslay_event_queue_close(context, WebSocketCloseCode.unsupportedData.code, nil, 0)
        default:
            break
        }
    }

    private func failure(isEnd: Bool) -> Int {
        if !isEnd, errno == EAGAIN || errno == EINTR { return wouldBlock() }
        wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE.rawValue)
        return -1
    }

    private func wouldBlock() -> Int {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK.rawValue)
        return -1
    }
}

private func session(_ user: UnsafeMutableRawPointer?) -> WebSocketSession? {
    user.map { Unmanaged<WebSocketSession>.fromOpaque($0).takeUnretainedValue() }
}

private func receiveBytes(
    context: wslay_event_context_ptr?, buffer: UnsafeMutablePointer<UInt8>?, size: Int, flags: Int32,
    user: UnsafeMutableRawPointer?
) -> Int {
    session(user)?.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size)) ?? -1
}

private func sendBytes(
    context: wslay_event_context_ptr?, bytes: UnsafePointer<UInt8>?, size: Int, flags: Int32,
    user: UnsafeMutableRawPointer?
) -> Int {
    session(user)?.write(UnsafeRawBufferPointer(start: bytes, count: size)) ?? -1
}

private func messageReceived(
    context: wslay_event_context_ptr?, message: UnsafePointer<wslay_event_on_msg_recv_arg>?,
    user: UnsafeMutableRawPointer?
) {
    if let message { session(user)?.received(message.pointee) }
}
