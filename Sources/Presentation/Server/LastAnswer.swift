import Glibc

extension HTTPResponse {
    /// The bytes of an answer that goes out past libmicrohttpd, the last one of its connection
    /// (RFC 9112, sections 4 and 9.6).
    ///
    /// Refusals have all of their body at hand; what else a body may be is left out.
    var lastBytes: [UInt8] {
        var body: [UInt8] = []
        if case .bytes(let bytes) = self.body { body = bytes }
        var head =
            "HTTP/1.1 \(status.code) \r\nDate: \(HTTPDate(seconds: time(nil)))\r\nConnection: close\r\n"
        fields.forEach { name, value in head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }
}
