internal import Synchronization

/// Packs answers by gzip for clients that want it, where it pays and gives nothing away.
///
/// **What is packed.** Whole answers of text or JSON from ``threshold`` bytes on. Files, parts, event streams and
/// archives go as they are.
///
/// **What is not, on purpose.** The length of what is packed tells whether two parts of it are alike. Who can have a
/// browser ask for answers that hold a secret beside text of the attacker's choice, and sees their lengths on the wire,
/// guesses the secret letter by letter (BREACH; Gluck, Harris and Prado, 2013). So these stay as they are: whatever may
/// not be kept (`no-store`), which are answers with tokens and keys and refusals, that repeat what was sent; whatever
/// sets cookies; and on routes that need a caller whatever is asked for with cookies, which a browser sends along
/// whoever makes it ask. Programs show a token, which nobody can make them do.
///
/// A tag names the same content whether it is packed or not; a packed answer calls it weak, since its bytes are others
/// (RFC 9110, section 8.8.1). `If-None-Match` compares weakly, so that either is found again.
package final class Compression: Middleware {
    /// Below it, what is saved is less than a packet: as one, with the head, both travel in the same time.
    static let threshold = 1024
    /// From here on an answer is packed while it is sent.
    static let streamed = 256 * 1024
    /// zlib's own measure for what is packed once, and the quickest for all else, as nginx has it.
    private static let (keptEffort, usualEffort) = (Int32(6), Int32(1))

    /// An answer in both forms.
    private struct Kept: Sendable {
        let plain: [UInt8]
        let packed: [UInt8]
    }

    /// Which routes are open to everyone.
    private let isOpen: [Bool]
    /// The last packed answer of each open route: those that are large, such as the documentation, never change.
    private let kept = Mutex<[Int: Kept]>([:])

    package init(of routes: [Route]) {
        isOpen = routes.map { $0.access == .open }
    }

    package func receive(_ exchange: Exchange) throws(Problem) -> HTTPResponse? { nil }

    package func send(_ response: inout HTTPResponse, for exchange: Exchange) {
        switch response.body {
        case .bytes(let bytes) where bytes.count >= Self.threshold:
            guard response.status == .ok || response.status == .created, mayBePacked(response, for: exchange)
            else { return }
            response.fields.append("Vary", "Accept-Encoding")
            guard isWanted(by: exchange.request) else { return }
            pack(bytes, in: &response, for: exchange)
        case .empty where response.status == .notModified:
            noteWeakly(&response, for: exchange)
        default: return
        }
    }

    private func mayBePacked(_ response: HTTPResponse, for exchange: Exchange) -> Bool {
        guard let type = response.fields["Content-Type"], Self.isText(type),
            !response.fields.contains("Content-Encoding"), !response.fields.contains("Set-Cookie"),
            response.fields["Cache-Control"]?.contains("no-store") != true
        else { return false }
        return isOpen(exchange) || !exchange.request.fields.contains("Cookie")
    }

    private func isOpen(_ exchange: Exchange) -> Bool {
        exchange.route.map { isOpen[$0] } ?? false
    }

    private func isWanted(by request: HTTPRequest) -> Bool {
        let accept = request.fields.values(of: "Accept-Encoding")
        // Who asks for a part means a part of the plain bytes, also where all of them are answered.
        return !accept.isEmpty && !request.fields.contains("Range") && ContentCoding.isGzipWanted(accept)
    }

    private func pack(_ bytes: [UInt8], in response: inout HTTPResponse, for exchange: Exchange) {
        if let route = exchange.route, isOpen[route] {
            guard let packed = packedOnce(bytes, of: route) else { return }
            response.body = .bytes(packed)
        } else if bytes.count < Self.streamed {
            guard let packed = gzipped(bytes, effort: Self.usualEffort) else { return }
            response.body = .bytes(packed)
        } else {
            guard let source = GzipSource(bytes, effort: Self.usualEffort) else { return }
            response.body = .stream(source, length: nil)
        }
        response.fields["Content-Encoding"] = ContentCoding.gzip
        if let tag = response.fields["ETag"].flatMap({ EntityTag(parsing: $0) }) {
            response.fields["ETag"] = EntityTag(tag.value, isWeak: true).description
        }
    }

    private func packedOnce(_ bytes: [UInt8], of route: Int) -> [UInt8]? {
        if let kept = kept.withLock({ $0[route] }), kept.plain == bytes { return kept.packed }
        guard let packed = gzipped(bytes, effort: Self.keptEffort) else { return nil }
        kept.withLock { $0[route] = Kept(plain: bytes, packed: packed) }
        return packed
    }

    /// Calls the tag weak where the client did so: it has the packed form, and updates only what has the same tag
    /// (RFC 9111, section 4.3.4).
    private func noteWeakly(_ response: inout HTTPResponse, for exchange: Exchange) {
        guard let tag = response.fields["ETag"].flatMap({ EntityTag(parsing: $0) }), !tag.isWeak,
            let type = response.fields["Content-Type"], Self.isText(type)
        else { return }
        response.fields.append("Vary", "Accept-Encoding")
        let weak = EntityTag(tag.value, isWeak: true).description
        let known = exchange.request.fields["If-None-Match"] ?? ""
        if known.split(separator: ",").contains(where: { $0.trimmingSpaces == weak }) {
            response.fields["ETag"] = weak
        }
    }

    private static func isText(_ type: String) -> Bool {
        // Nearly always it is this one, and need not be taken apart.
        if type == "application/json" { return true }
        guard let type = MediaType(type) else { return false }
        return switch (type.type, type.subtype) {
        case ("text", "event-stream"): false
        case ("text", _), ("application", "json"), ("application", "xml"), ("image", "svg+xml"): true
        default: type.subtype.hasSuffix("+json") || type.subtype.hasSuffix("+xml")
        }
    }
}
