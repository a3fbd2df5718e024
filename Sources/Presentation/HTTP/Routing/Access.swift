/// Who may use a route, and how it is found out who does.
///
/// What is found out is handed to the route's handler; that of an open route gets nothing, and so can do nothing
/// in anyone's name.
package struct Access<Principal: Sendable>: Sendable {
    package let declaration: AccessDeclaration
    /// How often it may be used by those of whom it is not known who they are.
    let pace: Pace
    /// Finds out who makes a request, and throws when nobody does who may.
    let admit: @Sendable (Call) throws -> Principal

    /// - Parameter permission: What one needs, by its name on the wire.
    package init(
        _ permission: String, admit: @escaping @Sendable (Call) throws -> Principal
    ) {
        declaration = .needs(permission)
        pace = .ordinary
        self.admit = admit
    }
}

extension Access where Principal == Void {
    /// Whoever it is: nobody is asked for.
    package static var open: Self { .open(at: .ordinary) }

    /// Whoever it is, as often as `pace` allows.
    package static func open(at pace: Pace) -> Self { Self(pace) }

    private init(_ pace: Pace) {
        self.init(openAt: pace) { _ in }
    }
}

extension Access {
    /// Whoever it is, as often as `pace` allows.
    ///
    /// - Parameter recognise: Finds out what can be found out, and lets everyone in.
    package static func open(at pace: Pace, recognise: @escaping @Sendable (Call) -> Principal) -> Self {
        Self(openAt: pace, recognise)
    }

    private init(openAt pace: Pace, _ recognise: @escaping @Sendable (Call) -> Principal) {
        declaration = .open
        self.pace = pace
        admit = recognise
    }
}

/// What the document says about who may use a route.
package enum AccessDeclaration: Hashable, Sendable {
    /// Everyone.
    case open
    /// Callers who have this permission, by its name on the wire.
    case needs(String)
}

/// A way in which requests say who makes them (OpenAPI 3.1, Security Scheme Object).
package struct SecurityScheme: Sendable {
    /// What operations refer to it by.
    package let name: String
    let document: JSONValue

    /// A token in the field `Authorization`.
    ///
    /// - Parameter format: What the tokens are, for people.
    package static func bearer(_ name: String, format: String, _ doc: String) -> Self {
        Self(
            name: name,
            document: [
                "type": "http", "scheme": "bearer", "bearerFormat": .string(format),
                "description": .string(doc),
            ])
    }

    /// A cookie.
    ///
    /// - Parameter cookie: The cookie's name.
    package static func cookie(_ name: String, named cookie: String, _ doc: String) -> Self {
        Self(
            name: name,
            document: [
                "type": "apiKey", "in": "cookie", "name": .string(cookie), "description": .string(doc),
            ])
    }
}
