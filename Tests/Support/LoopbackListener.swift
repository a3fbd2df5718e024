import Glibc

/// Serves each connection to a free loopback port on a thread of its own. It ends with its last reference.
final class LoopbackListener: Sendable {
    let port: UInt16
    private let listener: Int32

    /// Starts to listen; a connection is closed when `serve` returns.
    init(_ serve: @escaping @Sendable (_ client: Int32) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &place) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                precondition(bind(listener, place, length) == 0 && listen(listener, 128) == 0)
                getsockname(listener, place, &length)
            }
        }
        self.listener = listener
        port = UInt16(bigEndian: place.sin_port)
        Self.thread {
            while true {
                let client = accept(listener, nil, nil)
                if client >= 0 {
                    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                    Self.thread {
                        serve(client)
                        close(client)
                    }
                } else if errno != EINTR && errno != ECONNABORTED {
                    break
                }
            }
            close(listener)
        }
    }

    deinit {
        // Wakes the thread in accept, which then closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        final class Body {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var thread: pthread_t = 0
        let status = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(Body(body)).toOpaque())
        precondition(status == 0)
        pthread_detach(thread)
    }
}
