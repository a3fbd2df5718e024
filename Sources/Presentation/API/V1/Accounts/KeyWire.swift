internal import Application
internal import Domain

/// How API keys stand on the wire.
enum KeyWire {
    static let key = JSONOutput<APIKey>.object(
        "APIKey", "A key by which programs call as its owner.", fields { $0 })

    /// The only answer in which a key stands itself.
    static let issued = JSONOutput<IssuedAPIKey>.object(
        "IssuedAPIKey", "A key that was just made, with what programs show.",
        [
            JSONField("key", .text, "What to show in Authorization, after “Bearer ”; it is told once.") {
                $0.token.text
            }
        ] + fields(\.key))

    static let list = JSONOutput<[APIKey]>.list(of: key)

    private static func fields<Value>(_ key: @escaping @Sendable (Value) -> APIKey) -> [JSONField<Value>] {
        [
            JSONField("id", .identifier(), "Its identifier.") { key($0).id },
            JSONField("name", .text, "What its owner calls it.", example: "ci") { key($0).name },
            JSONField("scopes", .list(of: .name), "What it allows.") { value in
                Scope.allCases.filter(key(value).scopes.contains)
            },
            JSONField("created_at", .moment, "When it was made.") { key($0).createdAt },
            JSONField("expires_at", .nullable(.moment), "When it stops working by itself.") {
                key($0).expiresAt
            },
            JSONField("last_used_at", .nullable(.moment), "When it was last used, to a minute.") {
                key($0).lastUsedAt
            },
            JSONField("revoked_at", .nullable(.moment), "When it was made void.") { key($0).revokedAt },
        ]
    }

    /// What a new key is asked for with.
    struct Order: Sendable {
        let name: String
        let scopes: Set<Scope>
        let lifetime: Duration?
    }

    static let order: JSONInput<Order> = .object(
        "APIKeyInput", "A key to be made.",
        JSONInputField<String>.required("name", name, "What to call it.", example: "ci"),
        JSONInputField<[String]>.required(
            "scopes", scopes, "What it allows; never more than its owner may do.",
            example: ["tasks:read", "tasks:write"]),
        JSONInputField<Int?>.optional(
            "expires_in_days", .nullable(.integer(1...3650)),
            "After how many days it stops working; null for a key that works until it is revoked.",
            example: 90, default: nil)
    ) { name, scopes, days throws(Faults) in
        Order(
            name: name, scopes: Set(scopes.compactMap(Scope.init(rawValue:))),
            lifetime: days.map { .seconds($0 * 86_400) })
    }

    static let patch: JSONInput<String> = .object(
        "APIKeyPatch", "What is changed.",
        JSONInputField<String>.required("name", name, "What to call it.", example: "ci")
    ) { name throws(Faults) in name }

    private static let name = SingleLine.input(APIKey.nameLength).prose
    private static let scopes = JSONInput<[String]>.list(
        of: .text(oneOf: Scope.allCases.filter(\.isForKeys).map(\.rawValue)),
        count: 1...Scope.forKeys.count, unique: true)
}
