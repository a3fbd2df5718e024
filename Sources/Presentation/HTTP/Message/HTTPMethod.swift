/// The request methods that routes can declare.
package enum HTTPMethod: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// The method of a token as sent, or nil; methods are case-sensitive (RFC 9110, section 9.1).
    package init?(token: String) {
        // A switch over literals, since `init(rawValue:)` compares with every case in turn, in Unicode.
        switch token {
        case "GET": self = .get
        case "POST": self = .post
        default: self.init(rawValue: token)
        }
    }
}
