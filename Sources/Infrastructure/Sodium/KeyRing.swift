package import Application
import Domain

/// The keys of an installation: the one in use, and earlier ones with which things were made that are still good.
package struct KeyRing: Redacted, Sendable {
    /// The most keys of a ring.
    package static let most = 8

    /// The key in use, then earlier ones, the latest first.
    let keys: [MasterKey]

    /// The key in use.
    var current: MasterKey { keys[0] }
    /// The key that was first in use, of those that are left.
    var oldest: MasterKey { keys[keys.count - 1] }

    /// A ring as it is written in a file or a setting: 64 hexadecimal digits for each key, the one in use first,
    /// with white space between them.
    ///
    /// - Throws: ``PortError/corrupt(_:)``, which says nothing of what it read.
    package init(_ text: some Collection<UInt8>) throws(PortError) {
        let words = text.split {
            $0 == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains($0)
        }
        let keys = words.compactMap { MasterKey(digits: $0) }
        guard (1...Self.most).contains(words.count), keys.count == words.count else {
            throw .corrupt(
                "the secret key is not 1–\(Self.most) times \(MasterKey.digitCount) hexadecimal digits")
        }
        self.keys = keys
    }

    /// What a new installation writes down: one key that nobody has, and the end of a line.
    package static func make() -> [UInt8] {
        MasterKey.makeDigits() + [UInt8(ascii: "\n")]
    }
}
