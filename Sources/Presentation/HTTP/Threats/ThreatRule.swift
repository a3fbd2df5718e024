/// A kind of attack.
package enum ThreatFamily: String, CaseIterable, Sendable {
    /// A way out of a folder, or a file that no visitor should know of.
    case traversal
    /// A NUL, or bytes that hide what they mean.
    case encoding
    case sql
    /// Commands of a shell, templates that run code, addresses of inner services.
    case command
    /// Script that is to run in someone else's browser.
    case script
    case ldap
    case nosql
    /// Line breaks that would begin a header field.
    case header
    /// A program that looks for weaknesses, by its own name.
    case scanner
    /// A page of a program that is not here.
    case probe
}

/// How much a rule says by itself, in the points of the OWASP Core Rule Set.
package enum ThreatSeverity: Int, Sendable {
    case notice = 2
    case warning = 3
    case error = 4
    case critical = 5
}

/// Where in a request a text stands.
struct ThreatPlace: OptionSet, Sendable {
    let rawValue: UInt8

    static let path = ThreatPlace(rawValue: 1)
    static let query = ThreatPlace(rawValue: 2)
    /// A header field, that of the agent included.
    static let field = ThreatPlace(rawValue: 4)
    static let agent = ThreatPlace(rawValue: 8)

    static let target: ThreatPlace = [.path, .query]
    static let anywhere: ThreatPlace = [.path, .query, .field]
}

/// Texts that speak of an attack.
struct ThreatRule: Sendable {
    /// What must stand around a text.
    enum Edges: Sendable {
        case none
        /// No word goes on before it.
        case start
        /// No word goes on before or behind it.
        case word
        /// No word goes on behind it, nor is something set to a value there.
        case command
        /// A value has ended before it: at a quotation mark, a bracket, a digit, or because nothing stands there.
        case broken
        /// The same, and a comparison stands behind it.
        case comparison
        /// No word goes on before it, and behind it a name goes on and is set to a value, as that of a handler is.
        case handler
        /// The path or its segment ends behind it.
        case segment
    }

    /// For the log.
    let name: String
    let family: ThreatFamily
    let severity: ThreatSeverity
    let places: ThreatPlace
    let edges: Edges
    /// As `CanonicalText` writes them.
    let texts: [String]

    init(
        _ name: String, _ family: ThreatFamily, _ severity: ThreatSeverity, in places: ThreatPlace,
        standing edges: Edges = .none, _ texts: [String]
    ) {
        self.name = name
        self.family = family
        self.severity = severity
        self.places = places
        self.edges = edges
        self.texts = texts
    }
}
