/// The header fields by which every answer, refusals included, asks browsers for as little as possible.
///
/// They are put together once, so that an answer costs one copy of memory.
package struct SecurityFields: Sendable {
    /// What is asked for where a handler asks for nothing else: load nothing, and stand in no frame.
    static let strictestPolicy = "default-src 'none'; frame-ancestors 'none'"

    /// What pages are denied.
    ///
    /// To play and to fill the screen is left to them: clips are watched in a browser.
    private static let permissions = [
        "camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb",
    ].map { "\($0)=()" }.joined(separator: ", ")

    /// A year in seconds, the least that lists of HTTPS-only sites take.
    private static let year = 31_536_000

    /// All but the content policy.
    private let common: HTTPFields
    /// All of them.
    private let whole: HTTPFields

    /// - Parameter isEncrypted: Whether the server speaks TLS itself, so that browsers may be told to insist on it.
    package init(isEncrypted: Bool = false) {
        var fields: HTTPFields = [
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": Self.permissions,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        ]
        if isEncrypted { fields.append("Strict-Transport-Security", "max-age=\(Self.year)") }
        common = fields
        fields.append("Content-Security-Policy", Self.strictestPolicy)
        whole = fields
    }

    /// Adds them to an answer.
    func add(to response: inout HTTPResponse) {
        guard let policy = response.contentPolicy else { return response.fields.append(whole) }
        response.fields.append(common)
        response.fields.append("Content-Security-Policy", policy)
    }
}
