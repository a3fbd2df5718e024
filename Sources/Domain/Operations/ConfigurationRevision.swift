/// What one setting was and what it became, as far as it may be shown.
public struct SettingChange: Hashable, Sendable {
    /// What happened to the value.
    public enum Kind: String, CaseIterable, Sendable {
        /// There was none, and now there is one.
        case added
        /// It is another one.
        case modified
        /// There is none any more.
        case removed
    }

    /// The setting.
    public let name: String
    /// What happened.
    public let kind: Kind
    /// The value that held before, secrets masked; nil when there was none.
    public let old: String?
    /// The value that holds now, secrets masked; nil when there is none.
    public let new: String?

    /// A change.
    public init(name: String, kind: Kind, old: String?, new: String?) {
        self.name = name
        self.kind = kind
        self.old = old
        self.new = new
    }
}

/// One state of the configuration: when and by whom it came about, and how it differs from the one before.
public struct ConfigurationRevision: Hashable, Sendable {
    /// What brought a revision about.
    public enum Cause: String, CaseIterable, Sendable {
        /// Somebody changed settings.
        case change
        /// Somebody went back to an earlier revision.
        case rollback
        /// Somebody took back all that was set while the server ran.
        case reset
        /// Somebody brought settings in that were taken out elsewhere.
        case imported = "import"
        /// The configuration file was read again.
        case reload
    }

    /// Counts up from 1, without a gap.
    public let number: Int64
    /// Tells states apart; see ``checksum(of:)``.
    public let checksum: String
    /// Who did it; nil for the server itself, which saw that a file had changed.
    public let author: Identifier<User>?
    /// Why there is this revision.
    public let cause: Cause
    /// When it came about.
    public let at: Timestamp
    /// How it differs from the one before, by name.
    public let changes: [SettingChange]

    /// A revision.
    public init(
        number: Int64, checksum: String, author: Identifier<User>?, cause: Cause, at: Timestamp,
        changes: [SettingChange]
    ) {
        self.number = number
        self.checksum = checksum
        self.author = author
        self.cause = cause
        self.at = at
        self.changes = changes
    }

    /// How many revisions are remembered: of older ones nothing is left.
    public static let remembered: Int64 = 100

    /// Sixteen hexadecimal digits that differ where texts differ: FNV-1a with 64 bits (Fowler, Noll, Vo;
    /// RFC 9923), which guards against mistakes and not against forgery.
    public static func checksum(of texts: some Sequence<String>) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            // No text holds this byte, so that "ab","c" is not "a","bc".
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Why the configuration is not changed.
public enum ConfigurationRefusal: CodedError, Equatable {
    /// It has become another one since the caller looked.
    case stale
    /// It cannot be changed unless the caller says which one it looked at.
    case unconditional
    /// These settings do not take these values: what is wrong, by name.
    case unusable([String: String])
    /// A part of the program cannot work with it.
    case vetoed(part: String, reason: String)
    /// What stands in the file, the environment or the flags cannot be used.
    case unreadable(String)

    /// The stable code.
    public var code: String {
        switch self {
        case .stale: "configuration_stale"
        case .unconditional: "configuration_unconditional"
        case .unusable: "configuration_unusable"
        case .vetoed: "configuration_vetoed"
        case .unreadable: "configuration_unreadable"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .stale: "The configuration has changed since. Look at it again."
        case .unconditional: "If-Match has to name the configuration that is to be changed, by its ETag."
        case .unusable(let reasons):
            reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; ") + "."
        case .vetoed(let part, let reason): "The part \(part) cannot work with it: \(reason)"
        case .unreadable(let reason): "What stands on the server cannot be used: \(reason)."
        }
    }
}
