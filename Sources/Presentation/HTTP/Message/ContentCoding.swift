/// How the bytes of an answer are packed for the way (RFC 9110, section 8.4.1).
enum ContentCoding {
    /// By gzip (RFC 1952).
    static let gzip = "gzip"

    /// Whether a client wants gzip more than plain bytes.
    ///
    /// Of the codings that it names the most wanted one is taken, and of those that it wants as much gzip; plain bytes
    /// that it does not name are wanted least (RFC 9110, section 12.5.3).
    ///
    /// - Parameter accept: The values of all `Accept-Encoding` fields; without any nothing is packed.
    static func isGzipWanted(_ accept: [String]) -> Bool {
        var (gzip, identity, others): (Int?, Int?, Int?)
        for item in accept.lazy.flatMap({ $0.split(separator: ",") }) {
            guard let coding = ParameterizedValue(item.trimmingSpaces) else { continue }
            let quality = MediaType.quality(coding.parameters["q"])
            switch coding.value {
            case Self.gzip, "x-gzip": gzip = max(gzip ?? 0, quality)
            case "identity": identity = quality
            case "*": others = quality
            default: break
            }
        }
        let wanted = gzip ?? others ?? 0
        return wanted > 0 && wanted >= identity ?? 0
    }
}
