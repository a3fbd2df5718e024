import Domain
import Presentation
import Testing

/// Someone who sends requests, as a header field says it.
struct Visitor: Sendable, CustomTestStringConvertible {
    let caller: Caller

    /// A user who has signed in.
    init(_ number: UInt64, role: Role = .user) {
        caller = Caller(
            user: Self.user(number), role: role, means: .session(Identifier(high: 2, low: number)))
    }

    /// An API key of a user.
    init(keyOf number: UInt64, role: Role = .user, _ scopes: Set<Scope>) {
        caller = Caller(
            user: Self.user(number), role: role, means: .apiKey(Identifier(high: 3, low: number), scopes))
    }

    static func user(_ number: UInt64) -> Identifier<User> { Identifier(high: 1, low: number) }

    /// What the visitor's requests carry.
    var fields: HTTPFields {
        let words =
            switch caller.means {
            case .local: ["local"]
            case .session: ["session"]
            case .apiKey(_, let scopes): ["key"] + scopes.map(\.rawValue)
            }
        return ["X-Visitor": (["\(caller.user.low)", caller.role.rawValue] + words).joined(separator: " ")]
    }

    init?(_ field: String) {
        let words = field.split(separator: " ").map(String.init)
        guard words.count >= 3, let number = UInt64(words[0]), let role = Role(rawValue: words[1]) else {
            return nil
        }
        self =
            words[2] == "key"
            ? Visitor(keyOf: number, role: role, Set(words.dropFirst(3).compactMap(Scope.init)))
            : Visitor(number, role: role)
    }

    var testDescription: String { fields["X-Visitor"] ?? "" }
}

/// Believes a header field.
struct VisitorAuthenticator: Authenticator {
    var schemes: [SecurityScheme] {
        [
            .bearer("token", format: "an API key", "A key."),
            .cookie("session", named: "cutroom_session", "A session of a browser."),
        ]
    }

    func caller(of request: HTTPRequest) throws(Problem) -> Caller {
        guard let visitor = request.fields["X-Visitor"].flatMap({ Visitor($0) }) else {
            throw .unauthenticated("Sign in, or show an API key.")
        }
        return visitor.caller
    }
}
