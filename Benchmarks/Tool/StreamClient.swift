import FoundationEssentials
import Glibc

/// Opens `--streams` streams at `--port` for the tasks in the file `--ids`, one of which is never read, and
/// measures how long each event takes to arrive.
func streamClient(_ options: Options) throws {
    let ids = try String(contentsOfFile: options.text("ids"), encoding: .utf8).split(separator: "\n")
    var watched: [pollfd] = []
    var opened = 0
    for index in 0..<options.number("streams") {
        let socket = try connect(port: options.number("port"))
        let request = "GET /\(ids[index % ids.count]) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        _ = request.utf8.withContiguousStorageIfAvailable { write(socket, $0.baseAddress, $0.count) }
        // The first one is opened and left alone.
        if index > 0 { watched.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        opened += 1
    }
    print("opened")
    fflush(nil)

    var delays: [Double] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    let deadline = microseconds() + options.number("seconds") * 1_000_000
    let marker = Array("\"message\":\"".utf8)
    while microseconds() < deadline {
        guard poll(&watched, nfds_t(watched.count), 200) > 0 else { continue }
        for index in watched.indices where watched[index].revents != 0 {
            let count = read(watched[index].fd, &buffer, buffer.count)
            guard count > 0 else { continue }
            let arrived = microseconds()
            let bytes = buffer[..<count]
            guard let at = bytes.firstRange(of: marker)?.upperBound else { continue }
            var told = 0
            for byte in bytes[at...] {
                guard byte >= 48, byte <= 57 else { break }
                told = told * 10 + Int(byte - 48)
            }
            delays.append(Double(arrived - told) / 1000)
        }
    }
    try answer([
        "streams": Double(opened), "events": Double(delays.count), "p50_ms": delays.quantile(0.5),
        "p99_ms": delays.quantile(0.99),
    ])
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
