import CLinux
import Glibc

/// A socket that accepts connections; closed at the end of its life.
final class ListeningSocket: Sendable {
    let descriptor: Int32
    /// The port, also where 0 had been asked for.
    let port: Int

    /// Binds and listens.
    init(_ address: HTTPServerConfiguration.Address, port: Int) throws(HTTPServerError) {
        guard (0...65_535).contains(port) else {
            throw .cannotListen(address: address.text, port: port, errno: EINVAL)
        }
        let isIPv6 = address.text.contains(":")
        let family = isIPv6 ? AF_INET6 : AF_INET
        let descriptor = linux_nonblocking_socket(family)
        guard descriptor >= 0 else {
            throw .cannotListen(address: address.text, port: port, errno: errno)
        }
        // A restarted server must not wait for the old one's connections to be forgotten.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let bound =
            isIPv6
            ? Self.bindIPv6(descriptor, address, port: port) : Self.bindIPv4(descriptor, address, port: port)
        guard let bound, listen(descriptor, 1024) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EADDRINUSE
                ? .addressInUse(address: address.text, port: port)
                : .cannotListen(address: address.text, port: port, errno: reason)
        }
        self.descriptor = descriptor
        self.port = bound
    }

    deinit {
        close(descriptor)
    }

    /// Turns away whoever still wants to connect.
    func refuseConnections() {
        linux_shutdown(descriptor)
    }

    private static func bindIPv4(
        _ descriptor: Int32, _ address: HTTPServerConfiguration.Address, port: Int
    ) -> Int? {
        var socketAddress = sockaddr_in()
        socketAddress.sin_family = sa_family_t(AF_INET)
        socketAddress.sin_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET, address.text, &socketAddress.sin_addr) == 1 else { return nil }
        return bind(descriptor, &socketAddress) { in_port_t(bigEndian: $0.sin_port) }
    }

    private static func bindIPv6(
        _ descriptor: Int32, _ address: HTTPServerConfiguration.Address, port: Int
    ) -> Int? {
        var socketAddress = sockaddr_in6()
        socketAddress.sin6_family = sa_family_t(AF_INET6)
        socketAddress.sin6_port = in_port_t(port).bigEndian
        guard inet_pton(AF_INET6, address.text, &socketAddress.sin6_addr) == 1 else { return nil }
        return bind(descriptor, &socketAddress) { in_port_t(bigEndian: $0.sin6_port) }
    }

    /// Binds and asks for the port that it became.
    private static func bind<Address>(
        _ descriptor: Int32, _ address: inout Address, port: (Address) -> in_port_t
    ) -> Int? {
        var length = socklen_t(MemoryLayout<Address>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Glibc.bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        return isBound ? Int(port(address)) : nil
    }
}
