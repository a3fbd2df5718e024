import Application
import CLinux
import Domain
import Glibc
import Synchronization

/// A proxy on loopback that opens tunnels to allowed addresses only.
///
/// Programs that do their own networking, such as yt-dlp, get it as their one way out: it resolves each name
/// itself, checks the very address that it connects to, and knows nothing but `CONNECT` to the port of HTTPS.
/// Each tunnel has a thread, since it may block as long as it likes there; `stop()` ends them all.
final class ConnectFilter: Sendable {
    private static let mostTunnels = 64
    private static let patience: Int32 = 120_000

    let port: UInt16
    private let policy: AddressPolicy
    private let ports: Set<UInt16>
    private let sockets: FilterSockets

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - policy: Which addresses may be connected to.
    ///   - ports: Which ports there.
    init(policy: AddressPolicy, ports: Set<UInt16>) throws(PortError) {
        self.policy = policy
        self.ports = ports
        let listener = linux_stream_socket(AF_INET)
        guard listener >= 0 else { throw .unavailable("there is no socket left: error \(errno)") }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(listener, place, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, place, &length) == 0
            }
        }
        let code = errno
        guard isBound else {
            close(listener)
            throw .unavailable("the loopback does not listen: error \(code)")
        }
        port = UInt16(bigEndian: place.sin_port)
        let sockets = FilterSockets(listener: listener)
        self.sockets = sockets
        do {
            try OwnThread.attempt { Self.accept(listener, sockets, policy, ports) }
        } catch {
            sockets.close(listener)
            throw error
        }
    }

    deinit {
        stop()
    }

    /// Why a tunnel was last refused for where it leads; nil when none was.
    var refusal: String? { sockets.refusal }

    /// Closes all tunnels and listens no more.
    func stop() {
        sockets.stop()
    }

    private static func accept(
        _ listener: Int32, _ sockets: FilterSockets, _ policy: AddressPolicy, _ ports: Set<UInt16>
    ) {
        while true {
            let client = linux_accept_blocking(listener)
            if client < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            guard sockets.add(client, most: 2 * mostTunnels) else {
                close(client)
                continue
            }
            do {
                try OwnThread.attempt {
                    serve(client, sockets, policy, ports)
                    sockets.close(client)
                }
            } catch {
                sockets.close(client)
            }
        }
        sockets.close(listener)
    }

    private static func serve(
        _ client: Int32, _ sockets: FilterSockets, _ policy: AddressPolicy, _ ports: Set<UInt16>
    ) {
        guard let target = readTarget(client) else {
            return answer(client, "405 Only CONNECT is known here")
        }
        guard let port = UInt16(target.port), ports.contains(port) else {
            sockets.refuse("port \(target.port) is not that of https")
            return answer(client, "403 Not that port")
        }
        let addresses = resolve(target.host, target.port)
        var isRefused = false
        for address in addresses {
            guard let place = address.place else { continue }
            if let reason = policy.refusal(of: place) {
                sockets.refuse(reason)
                isRefused = true
                continue
            }
            guard let server = connect(to: address, sockets) else { continue }
            defer { sockets.close(server) }
            answer(client, "200 Connected")
            return relay(client, server)
        }
        answer(client, isRefused ? "403 Not that address" : "502 No answer from there")
    }

    // MARK: - The head

    private static func readTarget(_ client: Int32) -> (host: String, port: String)? {
        var head: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while !head.suffix(4).elementsEqual(end) {
            var byte: UInt8 = 0
            // Byte by byte: what follows the head belongs to the tunnel.
            guard head.count < 8192, isReady(client, POLLIN, 10_000), recv(client, &byte, 1, 0) == 1 else {
                return nil
            }
            head.append(byte)
        }
        let words = String(decoding: head, as: UTF8.self).prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count == 3, words[0] == "CONNECT", let colon = words[1].lastIndex(of: ":") else {
            return nil
        }
        let host = words[1][..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        return (
            String(isBracketed ? host.dropFirst().dropLast() : host),
            String(words[1][words[1].index(after: colon)...])
        )
    }

    private static func answer(_ client: Int32, _ status: String) {
        _ = Array("HTTP/1.1 \(status)\r\n\r\n".utf8).withUnsafeBytes { send($0, to: client) }
    }

    // MARK: - The way out

    private struct Target {
        let family: Int32
        let bytes: [UInt8]

        var place: NetworkAddress? {
            bytes.withUnsafeBytes { bytes in
                bytes.baseAddress.flatMap { NetworkAddress(family: family, socketAddress: $0) }
            }
        }
    }

    private static func resolve(_ host: String, _ port: String) -> [Target] {
        var hints = addrinfo()
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }.compactMap { entry in
            guard let entry = entry?.pointee, let address = entry.ai_addr else { return nil }
            return Target(
                family: entry.ai_family,
                bytes: Array(UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))))
        }
    }

    private static func connect(to target: Target, _ sockets: FilterSockets) -> Int32? {
        let server = linux_stream_socket(target.family)
        guard server >= 0 else { return nil }
        guard sockets.add(server, most: 2 * mostTunnels) else {
            close(server)
            return nil
        }
        // Only the connecting is bound by a time; from then on the thread may wait.
        let flags = fcntl(server, F_GETFL)
        _ = fcntl(server, F_SETFL, flags | O_NONBLOCK)
        let status = target.bytes.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                Glibc.connect(server, address.baseAddress, socklen_t(bytes.count))
            }
        }
        if status != 0 {
            var failure: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            guard errno == EINPROGRESS, isReady(server, POLLOUT, 10_000),
                getsockopt(server, SOL_SOCKET, SO_ERROR, &failure, &length) == 0, failure == 0
            else {
                sockets.close(server)
                return nil
            }
        }
        _ = fcntl(server, F_SETFL, flags)
        return server
    }

    // MARK: - The tunnel

    private static func relay(_ client: Int32, _ server: Int32) {
        let ends = [client, server]
        var isOpen = [true, true]
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while isOpen[0] || isOpen[1] {
            var wanted = (0...1).map {
                pollfd(fd: isOpen[$0] ? ends[$0] : -1, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&wanted, 2, patience) > 0 else { return }
            for side in 0...1 where wanted[side].revents != 0 {
                let count = recv(ends[side], buffer.baseAddress, buffer.count, 0)
                if count > 0 {
                    let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                    guard send(piece, to: ends[1 - side]) else { return }
                } else {
                    isOpen[side] = false
                    linux_shutdown_sending(ends[1 - side])
                }
            }
        }
    }

    private static func isReady(_ socket: Int32, _ event: Int32, _ milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: socket, events: Int16(event), revents: 0)
        return poll(&wanted, 1, milliseconds) > 0
    }

    private static func send(_ bytes: UnsafeRawBufferPointer, to socket: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            guard isReady(socket, POLLOUT, patience) else { return false }
            let sent = Glibc.send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            guard sent > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
        return true
    }
}
