import Glibc

/// Where a server listens and what it bears.
package struct HTTPServerConfiguration: Sendable {
    /// An IP address of this machine.
    package struct Address: Hashable, Sendable {
        /// The address of IPv4 that only this machine can reach.
        package static let ipv4Loopback = Address(known: "127.0.0.1")
        /// The address of IPv6 that only this machine can reach.
        package static let ipv6Loopback = Address(known: "::1")

        /// How it is written in its shortest form (RFC 5952): `192.0.2.1`, `2001:db8::1`.
        package let text: String

        /// An address as it is written; nil for anything else, names included.
        package init?(_ text: String) {
            let family = text.contains(":") ? AF_INET6 : AF_INET
            var bytes = in6_addr()
            var shortest = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_pton(family, text, &bytes) == 1,
                inet_ntop(family, &bytes, &shortest, socklen_t(shortest.count)) != nil
            else { return nil }
            self.text = String(
                decoding: shortest.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }

        private init(known text: String) {
            self.text = text
        }

        /// Whether only this machine can reach it.
        package var isLoopback: Bool { self == .ipv4Loopback || self == .ipv6Loopback }
        /// Whether it stands for every address that this machine has.
        package var isWildcard: Bool { text == "0.0.0.0" || text == "::" }
        /// How it stands in a URL and in `Host`: that of IPv6 in brackets.
        package var host: String { text.contains(":") ? "[\(text)]" : text }
    }

    package var address = Address.ipv4Loopback
    /// The TCP port; 0 takes any that is free.
    package var port = 8080
    /// Epoll threads; nil is one per core.
    package var threads: Int?
    /// Connections that are served at once.
    ///
    /// The descriptor limit may lower it.
    package var maximumConnections = 12_000
    /// Connections beyond those that are taken only to be answered 503; still more wait in the backlog.
    package var surplusConnections = 64
    /// What the server shows of itself; with one it speaks TLS alone.
    package var identity: TLSIdentity?
    /// Names that `Host` may hold, in lower case and without a port: a page that reaches this server under a
    /// name of its own (DNS rebinding) is refused.
    package var allowedHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// The longest request target, in bytes; longer ones are refused with 414.
    package var maximumTarget = 4 * 1024
    /// All header fields of a request together, in bytes; more are refused with 431.
    package var maximumHead = 8 * 1024
    /// The longest request body, in bytes; longer ones are refused with 413.
    package var maximumBody = 4 << 30
    /// Bodies up to this many bytes are taken in before the handler starts, which saves it every wait.
    package var gatheredBody = 64 * 1024
    /// The memory that libmicrohttpd sets aside for a connection, in bytes, the head of a request included.
    ///
    /// An idle one touches only its first pages, but all of it is cleared after each request.
    package var connectionMemory = 16 * 1024

    /// How long a client may take from connecting to the end of its first request head.
    package var headDeadline = Duration.seconds(10)
    /// How long a connection may rest between requests, or stall while an answer is sent.
    package var idleDeadline = Duration.seconds(30)
    /// How many bytes of a body have to arrive in each `bodyWindow` while the handler waits for them.
    package var leastBodyBytes = 2 * 1024
    package var bodyWindow = Duration.seconds(10)
    /// How many bytes of an answer the client has to take in each `answerWindow`, the last one excepted.
    package var leastAnswerBytes = 16 * 1024
    package var answerWindow = Duration.seconds(30)
    /// How long an event stream or a WebSocket may be silent before it is probed.
    package var heartbeat = Duration.seconds(15)
    /// How long a client that was refused within its body may go on sending it.
    package var lingering = Duration.seconds(10)
    /// How often deadlines are looked at.
    package var tick = Duration.seconds(1)

    package init() {}
}

/// Why a server cannot start.
package enum HTTPServerError: Error, Equatable {
    /// Another program listens on this port already.
    case addressInUse(address: String, port: Int)
    /// The system refuses the address; the number is its `errno`.
    case cannotListen(address: String, port: Int, errno: Int32)
    /// libmicrohttpd has not come up: threads or memory are short.
    case cannotServe
}

extension HTTPServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .addressInUse(let address, let port): "\(address) port \(port) is taken by another program"
        case .cannotListen(let address, let port, let errno):
            "cannot listen on \(address) port \(port): error \(errno)"
        case .cannotServe: "the HTTP server could not start its threads"
        }
    }
}
