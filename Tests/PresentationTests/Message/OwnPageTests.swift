import Presentation
import Testing

@Suite("The server's own pages")
struct OwnPageTests {
    /// How a request came: by TLS or not, and what a trusted proxy says about it.
    private func request(isEncrypted: Bool, forwardedAs isSecure: Bool?) -> HTTPRequest {
        HTTPRequest(
            "POST", path: "/", fields: ["Host": "Clips.example:8443"], isEncrypted: isEncrypted,
            forwarding: isSecure.map { Forwarding(client: .unknown, isSecure: $0) })
    }

    @Test("what comes by TLS comes from pages that came by TLS, whoever ended it")
    func secure() {
        for request in [
            request(isEncrypted: true, forwardedAs: nil), request(isEncrypted: false, forwardedAs: true),
        ] {
            let isOwn = WebSocketUpgrade.sameOrigin(as: request)
            #expect(isOwn("https://clips.example:8443") && isOwn(nil))
            #expect(!isOwn("http://clips.example:8443"))
            #expect(request.isFromOwnPage(of: "https://clips.EXAMPLE:8443"))
            #expect(!request.isFromOwnPage(of: "http://clips.example:8443"))
        }
    }

    @Test("what comes without may have come to a proxy by TLS; other hosts and ports are others in any case")
    func plain() {
        let request = request(isEncrypted: false, forwardedAs: nil)
        for origin in ["http://clips.example:8443", "https://clips.example:8443"] {
            #expect(request.isFromOwnPage(of: origin))
        }
        for origin in [
            "http://clips.example", "https://evil.example:8443", "ftp://clips.example:8443", "null",
        ] {
            #expect(!request.isFromOwnPage(of: origin))
        }
    }
}
