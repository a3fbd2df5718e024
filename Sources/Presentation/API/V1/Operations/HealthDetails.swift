internal import Domain

extension Capabilities {
    /// Whether who makes a request may see how well each part is, and not only the whole: whoever is let in, which on
    /// a server without accounts is everyone.
    ///
    /// Names, versions and failings of what stands behind a server are none of a stranger's business.
    func showsHealthDetails(to request: HTTPRequest) -> Bool {
        do throws(Problem) {
            _ = try authenticator.caller(of: request)
            return true
        } catch {
            return false
        }
    }
}
