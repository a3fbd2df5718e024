/// Something at the edge that looks like abuse: what, how bad, from where, and what was done about it.
public struct SecurityEvent: Hashable, Sendable {
    /// What it looks like.
    public enum Kind: String, CaseIterable, Sendable {
        case sqlInjection = "sql_injection"
        case commandInjection = "command_injection"
        case scriptInjection = "xss_attempt"
        case pathTraversal = "path_traversal"
        case rateLimitExceeded = "rate_limit_exceeded"
        case suspiciousActivity = "suspicious_activity"
        case authenticationFailure = "authentication_failure"
        case authorizationViolation = "authorization_violation"
        case maliciousUpload = "malicious_file_upload"
        case bruteForce = "brute_force_attack"
        case denialOfService = "ddos_attempt"
        case dataExfiltration = "data_exfiltration"

        /// Whether it is meant to do harm, whoever does it: what a ban that nobody decides on may rest on.
        ///
        /// Too many requests, a forgotten password or a scope that is missing happen to the innocent.
        public var isHostile: Bool {
            switch self {
            case .sqlInjection, .commandInjection, .scriptInjection, .pathTraversal, .bruteForce,
                .maliciousUpload, .denialOfService, .dataExfiltration:
                true
            case .suspiciousActivity, .rateLimitExceeded, .authenticationFailure, .authorizationViolation:
                false
            }
        }
    }

    /// How bad it is.
    public enum Level: String, CaseIterable, Comparable, Sendable {
        case low, medium, high, critical

        /// What one event adds to a ``RiskScore``, in points.
        public var weight: Double {
            switch self {
            case .low: 1
            case .medium: 3
            case .high: 7
            case .critical: 15
            }
        }

        /// Orders by how bad it is.
        public static func < (first: Level, second: Level) -> Bool { first.weight < second.weight }
    }

    /// What was done about it.
    public enum Action: String, CaseIterable, Sendable {
        /// The request was served.
        case served
        /// The request was refused.
        case refused
        /// The request was refused, as one of too many.
        case limited
        /// The request was refused, as all are from there.
        case banned
    }

    /// The most Unicode scalars that a path, an agent or a detail is kept with.
    public static let longestText = 200

    /// Its identifier.
    public let id: Identifier<SecurityEvent>
    /// How manieth it is since the process began.
    public let number: Int64
    /// When it happened.
    public let at: Timestamp
    /// What it looks like.
    public let kind: Kind
    /// How bad it is.
    public let level: Level
    /// From where; nil when that is not known.
    public let address: NetworkAddress?
    /// What the client's program calls itself.
    public let agent: String
    /// The method of the request.
    public let method: String
    /// The path that was asked for.
    public let path: String
    /// What was found out, for administrators alone.
    public let detail: String
    /// What was done about it.
    public let action: Action
    /// By what the request is found in the log.
    public let requestID: String

    /// An event; texts that are too long are cut.
    public init(
        id: Identifier<SecurityEvent>, number: Int64, at moment: Timestamp, kind: Kind, level: Level,
        address: NetworkAddress?, agent: String, method: String, path: String, detail: String, action: Action,
        requestID: String
    ) {
        func cut(_ text: String) -> String {
            text.utf8.count <= Self.longestText
                ? text : String(text.unicodeScalars.prefix(Self.longestText))
        }
        self.id = id
        self.number = number
        at = moment
        self.kind = kind
        self.level = level
        self.address = address
        self.agent = cut(agent)
        self.method = cut(method)
        self.path = cut(path)
        self.detail = cut(detail)
        self.action = action
        self.requestID = cut(requestID)
    }
}
