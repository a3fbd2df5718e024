import CGnuTLS
import CMicroHTTPD
import Glibc
import Synchronization

/// An HTTP/1.1 server on GNU libmicrohttpd.
///
/// One epoll thread per core reads, calls the handler and writes. A request that never waits is answered without
/// a change of thread; one that does suspends its connection and is answered when its task has ended. When a
/// client goes away, the task of its request is cancelled.
package final class HTTPServer: Sendable {
    private struct Running: Sendable {
        // Stopped once, by whoever has taken it out of `running`; adding connections to it is thread-safe.
        nonisolated(unsafe) let daemon: OpaquePointer
        let socket: ListeningSocket
    }

    /// Descriptors that are kept for files, databases and child processes.
    private static let reservedDescriptors = 256

    private let core: HTTPServerCore
    private let running = Mutex<Running?>(nil)

    /// Describes a server; nothing listens yet.
    ///
    /// - Parameters:
    ///   - refuse: Words what the server itself refuses, from a malformed head to a body that is too long.
    ///   - handler: Answers everything else. It is called on an epoll thread and must not block it.
    package init(
        _ configuration: HTTPServerConfiguration, refuse: @escaping HTTPRejection,
        handler: @escaping HTTPHandler
    ) {
        var configuration = configuration
        configuration.maximumConnections = Self.bearable(configuration.maximumConnections)
        core = HTTPServerCore(configuration, refuse: refuse, handler: handler)
    }

    /// Starts to listen and answer; to be called once.
    ///
    /// Who starts a server stops it.
    ///
    /// - Returns: The port, also where any had been asked for.
    @discardableResult
    package func start() throws(HTTPServerError) -> Int {
        let configuration = core.configuration
        let socket = try ListeningSocket(configuration.address, port: configuration.port)
        let port = socket.port
        // Balanced in `stopBlocking`, once no thread of libmicrohttpd is left, or below.
        let context = Unmanaged.passRetained(core)
        guard
            let daemon = cutroom_mhd_start(
                configuration.identity == nil ? nil : TLSIdentity.priorities,
                cutroom_gnutls_without_certificates(),
                UInt32(configuration.threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))),
                configuration.connectionMemory,
                UInt32(max(1, configuration.idleDeadline.milliseconds / 1000)), context.toOpaque(),
                requestBegan, requestAdvanced, requestCompleted, connectionChanged, leaveEscaped)
        else {
            context.release()
            throw .cannotServe
        }
        // The watch ends before the daemon does.
        nonisolated(unsafe) let admitting = daemon
        let isWatched = core.watch.start(listening: socket.descriptor) { socket, address, length in
            MHD_add_connection(admitting, socket, address, length)
        }
        guard isWatched else {
            MHD_stop_daemon(daemon)
            context.release()
            throw .cannotServe
        }
        running.withLock { $0 = Running(daemon: daemon, socket: socket) }
        return port
    }

    /// Has connections that begin from now on show another identity; those that there are go on.
    ///
    /// Only for a server that was started with one.
    package func show(_ identity: TLSIdentity) {
        core.identity.withLock { $0 = identity }
    }

    /// How many requests are under way.
    package var inFlight: Int { core.inFlight }

    /// Stops listening, lets requests under way finish, ends streams and WebSockets, and closes.
    ///
    /// - Parameter duration: How long requests may take to finish; what is left then is broken off and its tasks
    ///   cancelled.
    package func stop(within duration: Duration) async {
        await OwnThread.run { [self] in stopBlocking(within: duration) }
    }

    private func stopBlocking(within duration: Duration) {
        guard let running = running.withLock({ $0.take() }) else { return }
        let deadline = monotonicMilliseconds() + duration.milliseconds
        core.beginStopping()
        core.watch.stopAccepting()
        running.socket.refuseConnections()
        for connection in core.connections.all { connection.channel?.finish() }
        core.webSockets.stop(within: duration)
        _ = core.waitUntilIdle(until: deadline)
        core.stopBeginning()
        // What is left now waits for libmicrohttpd's threads only; it aborts if one is still suspended.
        while !core.waitUntilIdle(until: monotonicMilliseconds() + 100) {
            for connection in core.connections.all {
                connection.exchange?.abandon()
                connection.cut()
            }
        }
        core.watch.stop()
        MHD_stop_daemon(running.daemon)
        // Balances `start`.
        Unmanaged.passUnretained(core).release()
    }

    /// As many connections as descriptors allow.
    private static func bearable(_ connections: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return connections }
        return max(16, min(connections, Int(clamping: limit.rlim_cur) - reservedDescriptors))
    }
}
