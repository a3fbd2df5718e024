/// The name of a part of the program, or of a service that it depends on, such as `store` or `chat`.
public struct ComponentName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name: a small letter, then up to 62 small letters, digits, `-`, `_` and `.`.
    public let text: String

    /// A name, or nil when the text is none.
    public init?(_ text: String) {
        let signs = text.utf8
        guard (1...63).contains(signs.count), let first = signs.first, (0x61...0x7A).contains(first),
            signs.allSatisfy({ sign in
                (0x61...0x7A).contains(sign) || (0x30...0x39).contains(sign)
                    || [0x2D, 0x2E, 0x5F].contains(sign)
            })
        else { return nil }
        self.text = text
    }

    /// The name.
    public var description: String { text }

    /// Orders by the letters.
    public static func < (first: ComponentName, second: ComponentName) -> Bool { first.text < second.text }
}

/// What one part is to another that needs it.
public struct ComponentDependency: Hashable, Sendable {
    /// How much it is needed.
    public enum Kind: String, CaseIterable, Sendable {
        /// Nothing starts before it, and nothing works without it.
        case required
        /// It is waited for, but its failure only takes something away.
        case optional
        /// It is not waited for; where it fails it is tried again behind the back of those who use it.
        case soft
    }

    /// The part that is needed.
    public let name: ComponentName
    /// How much.
    public let kind: Kind

    /// A need for a part.
    public init(_ name: ComponentName, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// What a part of the program, or a service that it depends on, says about itself.
public struct ComponentDescription: Hashable, Sendable {
    /// When it is started.
    public enum Activation: String, CaseIterable, Sendable {
        /// With the program.
        case eager
        /// When it is used for the first time.
        case lazy
    }

    /// Its name, of which there is one in a program.
    public let name: ComponentName
    /// Its version as its maker writes it.
    public let version: String
    /// What it is for, in a sentence.
    public let summary: String
    /// What it needs.
    public let dependencies: [ComponentDependency]
    /// Whether the program cannot go on without it.
    public let isCritical: Bool
    /// When it is started.
    public let activation: Activation
    /// How long its start may take.
    public let startDeadline: Duration

    /// What a part says about itself.
    public init(
        _ name: ComponentName, version: String, summary: String, dependencies: [ComponentDependency] = [],
        isCritical: Bool, activation: Activation = .eager, startDeadline: Duration = .seconds(30)
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.dependencies = dependencies
        self.isCritical = isCritical
        self.activation = activation
        self.startDeadline = startDeadline
    }
}
