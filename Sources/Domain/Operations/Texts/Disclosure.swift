/// Something in a text that should not be told to everyone who reads the text: a secret, or how to reach or charge
/// somebody.
///
/// It is recognised by its form alone, so that prose, also prose about keys and cards, holds none.
public struct Disclosure: Hashable, Sendable {
    /// What it is.
    public enum Kind: String, CaseIterable, Sendable {
        /// An e-mail address.
        case email
        /// The number of a payment card, whose check digit is right.
        case cardNumber = "card_number"
        /// A key or token of a service, or of this server.
        case apiKey = "api_key"
        /// A signed token (JWT, RFC 7519).
        case signedToken = "signed_token"
        /// The head of a private key (RFC 7468).
        case privateKey = "private_key"

        /// What it is, for people.
        public var explanation: String {
            switch self {
            case .email: "an e-mail address"
            case .cardNumber: "the number of a payment card"
            case .apiKey: "an API key"
            case .signedToken: "a signed token"
            case .privateKey: "a private key"
            }
        }
    }

    /// What it is.
    public let kind: Kind
    /// Where it stands, in code points from 0.
    public let range: Range<Int>

    /// All that stand in a text, in order; the time is in proportion to the length of the text.
    public static func all(in text: String) -> [Disclosure] {
        var text = text
        return text.withUTF8 { bytes in
            var scan = DisclosureScan(bytes)
            scan.run()
            return scan.disclosures
        }
    }
}

/// One walk over the bytes of a text.
///
/// At each place no more is looked at than the longest thing there is to find, and what was looked at as a word is passed.
private struct DisclosureScan {
    private typealias Found = (kind: Disclosure.Kind, range: Range<Int>)

    private let bytes: UnsafeBufferPointer<UInt8>
    private var found: [Found] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// What was found, at its places in code points.
    var disclosures: [Disclosure] {
        var (place, scalars) = (0, 0)
        func scalarOffset(of offset: Int) -> Int {
            while place < offset {
                // All but the bytes that go on with a code point (RFC 3629).
                if bytes[place] & 0xC0 != 0x80 { scalars += 1 }
                place += 1
            }
            return scalars
        }
        var disclosures: [Disclosure] = []
        for item in found.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where item.range.lowerBound >= place {
            let start = scalarOffset(of: item.range.lowerBound)
            let end = scalarOffset(of: item.range.upperBound)
            disclosures.append(Disclosure(kind: item.kind, range: start..<end))
        }
        return disclosures
    }

    mutating func run() {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "@") {
                if let range = MailAddressForm.range(around: index, in: bytes) {
                    found.append((.email, range))
                }
                index += 1
            } else if byte == UInt8(ascii: "-"), let end = PrivateKeyForm.end(from: index, in: bytes) {
                found.append((.privateKey, index..<end))
                index = end
            } else if byte.isWordByte {
                index = readWord(from: index)
            } else {
                index += 1
            }
        }
    }

    /// Looks at the word that begins there, and says where to go on.
    private mutating func readWord(from start: Int) -> Int {
        if bytes[start].isASCIIDigit, let end = CardNumberForm.end(from: start, in: bytes) {
            found.append((.cardNumber, start..<end))
            return end
        }
        let end = bytes.wordEnd(from: start)
        if let tokenEnd = SignedTokenForm.end(from: start, in: bytes) {
            found.append((.signedToken, start..<tokenEnd))
            return tokenEnd
        }
        if SecretForm.all.contains(where: { $0.matches(bytes, start..<end) }) {
            found.append((.apiKey, start..<end))
        }
        return end
    }
}

extension UInt8 {
    /// Whether it may stand in a token of the alphabet of URLs (RFC 4648, section 5).
    var isWordByte: Bool {
        isASCIILetter || isASCIIDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Where the word ends that begins at `start`.
    func wordEnd(from start: Int) -> Int {
        var end = start
        while end < count, self[end].isWordByte { end += 1 }
        return end
    }

    /// Whether these characters stand at `start`.
    func has(_ text: StaticString, at start: Int) -> Bool {
        guard start + text.utf8CodeUnitCount <= count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { self[start + $0] == text.utf8Start[$0] }
    }
}
