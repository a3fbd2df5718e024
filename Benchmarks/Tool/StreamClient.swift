import CLinux
import FoundationEssentials
import Glibc

/// Opens `--streams` streams at `--port` for the tasks in the file `--ids`, one of which is never read, and
/// measures how long each event takes to arrive.
func streamClient(_ options: Options) throws {
    let ids = try String(contentsOfFile: options.text("ids"), encoding: .utf8).split(separator: "\n")
    let epoll = epoll_create1(0)
    let streams = options.number("streams")
    for index in 0..<streams {
        let socket = try connect(port: options.number("port"))
        let request = "GET /\(ids[index % ids.count]) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        _ = request.utf8.withContiguousStorageIfAvailable { write(socket, $0.baseAddress, $0.count) }
        // The first one is opened and left alone.
        guard index > 0 else { continue }
        var interest = epoll_event()
        interest.events = EPOLLIN.rawValue
        interest.data.fd = socket
        epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &interest)
    }
    print("opened")
    fflush(nil)

    var delays: [Double] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var ready = [epoll_event](repeating: epoll_event(), count: 512)
    // What was told before all streams were open waits in their sockets, since nobody has read so far.
    let began = microseconds()
    let deadline = began + options.number("seconds") * 1_000_000
    while microseconds() < deadline {
        let waiting = Int(epoll_wait(epoll, &ready, Int32(ready.count), 200))
        for event in ready.prefix(max(0, waiting)) {
            let count = read(event.data.fd, &buffer, buffer.count)
            guard count > 0 else { continue }
            let arrived = microseconds()
            for told in moments(in: buffer[..<count]) where told > began {
                delays.append(Double(arrived - told) / 1000)
            }
        }
    }
    try answer([
        "streams": Double(streams), "events": Double(delays.count), "p50_ms": delays.quantile(0.5),
        "p99_ms": delays.quantile(0.99),
    ])
}

/// The moments at which the events in a piece of a stream were told: the only numbers in it that are so long.
private func moments(in bytes: ArraySlice<UInt8>) -> [Int] {
    bytes.split { !(0x30...0x39).contains($0) }.filter { $0.count == 16 }
        .map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
}

private func connect(port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard result == 0 else { throw StreamError.refused(errno) }
    return descriptor
}

/// Why the streams could not be opened.
enum StreamError: Error {
    case refused(Int32)
}
