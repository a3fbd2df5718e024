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
            throw .cannotListen(address: address.rawValue, port: port, errno: EINVAL)
        }
        let family = address == .ipv4Loopback ? AF_INET : AF_INET6
        let descriptor = linux_nonblocking_socket(family)
        guard descriptor >= 0 else {
            throw .cannotListen(address: address.rawValue, port: port, errno: errno)
        }
        // A restarted server must not wait for the old one's connections to be forgotten.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let bound =
            switch address {
            case .ipv4Loopback: Self.bindIPv4(descriptor, port: port)
            case .ipv6Loopback: Self.bindIPv6(descriptor, port: port)
            }
        guard let bound, listen(descriptor, 1024) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EADDRINUSE
                ? .addressInUse(address: address.rawValue, port: port)
                : .cannotListen(address: address.rawValue, port: port, errno: reason)
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

    private static func bindIPv4(_ descriptor: Int32, port: Int) -> Int? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return bind(descriptor, &address) { in_port_t(bigEndian: $0.sin_port) }
    }

    private static func bindIPv6(_ descriptor: Int32, port: Int) -> Int? {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(port).bigEndian
        address.sin6_addr = in6addr_loopback
        return bind(descriptor, &address) { in_port_t(bigEndian: $0.sin6_port) }
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
