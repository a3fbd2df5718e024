internal import Domain
internal import FoundationEssentials

/// A page that carries its style and its script, and may load nothing but data of this server.
struct HTMLPage: Sendable {
    let title: String
    let style: String
    let body: String
    var script = ""

    /// The answer with the page.
    ///
    /// The policy names the one style and the one script by their hashes, so that nothing that comes into the page by
    /// another way is ever run (Content Security Policy, level 3, section 2.3.1).
    ///
    /// - Parameter digest: SHA-256.
    func response(digest: ([UInt8]) -> ContentHash) -> HTTPResponse {
        func source(_ text: String) -> String {
            text.isEmpty ? "'none'" : "'sha256-\(Data(digest(Array(text.utf8)).bytes).base64EncodedString())'"
        }
        var response = HTTPResponse(.ok, text: html, type: "text/html; charset=utf-8")
        response.contentPolicy = [
            "default-src 'none'", "style-src \(source(style))", "script-src \(source(script))",
            "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
        return response
    }

    private var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>\(title)</title>
        <meta name="viewport" content="width=device-width">
        <style>\(style)</style></head><body>
        \(body)
        \(script.isEmpty ? "" : "<script>\(script)</script>")</body></html>

        """
    }
}
