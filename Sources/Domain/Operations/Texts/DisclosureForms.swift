/// How addresses of mail look in text: what RFC 5321 allows and people use.
enum MailAddressForm {
    /// The longest part before the sign and the longest domain (RFC 5321, section 4.5.3.1).
    private static let longestName = 64
    private static let longestDomain = 253

    /// The address around the sign that stands at `sign`; nil when there is none.
    static func range(around sign: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var start = sign
        while start > 0, sign - start <= longestName, isOfName(bytes[start - 1]) { start -= 1 }
        guard sign - start <= longestName else { return nil }
        // Nobody's name begins with a mark.
        while start < sign, !isOfLabel(bytes[start]) { start += 1 }
        guard start < sign, let end = domainEnd(from: sign + 1, in: bytes) else { return nil }
        return start..<end
    }

    /// The end of a domain of two labels or more, the last of letters; nil when there is none.
    private static func domainEnd(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let limit = min(bytes.count, start + longestDomain)
        var (label, end) = (start, start)
        var found: Int?
        while true {
            while end < limit, isOfLabel(bytes[end]) || bytes[end] == UInt8(ascii: "-") { end += 1 }
            let isName = end - label >= 2 && (label..<end).allSatisfy { !bytes[$0].isASCIIDigit }
            if label > start, isName { found = end }
            guard end > label, end < limit, bytes[end] == UInt8(ascii: ".") else { return found }
            end += 1
            label = end
        }
    }

    private static func isOfLabel(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        isOfLabel(byte) || "._%+-'".utf8.contains(byte)
    }
}

/// How numbers of payment cards are written: 14–19 digits in one piece, or in groups as on the card.
///
/// ISO/IEC 7812-1: the first digits tell the issuer, the last one is Luhn's check digit.
enum CardNumberForm {
    /// The lengths of groups, as they stand on cards.
    private static let groupings = [[4, 4, 4, 4, 3], [4, 4, 4, 4], [4, 6, 5], [4, 6, 4]]

    /// The end of the number that begins at `start`; nil when none does.
    static func end(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var digits: [UInt8] = []
        var end = start
        while end < bytes.count, digits.count < 20, bytes[end].isASCIIDigit {
            digits.append(bytes[end] - UInt8(ascii: "0"))
            end += 1
        }
        if digits.count > 4 { return ends(at: end, in: bytes) && isCard(digits) ? end : nil }
        guard digits.count == 4, end < bytes.count,
            bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "-")
        else { return nil }
        for grouping in groupings {
            if let (digits, end) = read(grouping, from: start, apart: bytes[end], in: bytes), isCard(digits) {
                return end
            }
        }
        return nil
    }

    private static func read(
        _ grouping: [Int], from start: Int, apart separator: UInt8, in bytes: UnsafeBufferPointer<UInt8>
    ) -> (digits: [UInt8], end: Int)? {
        var digits: [UInt8] = []
        var place = start
        for (number, length) in grouping.enumerated() {
            if number > 0 {
                guard place < bytes.count, bytes[place] == separator else { return nil }
                place += 1
            }
            guard place + length <= bytes.count else { return nil }
            for byte in bytes[place..<place + length] {
                guard byte.isASCIIDigit else { return nil }
                digits.append(byte - UInt8(ascii: "0"))
            }
            place += length
        }
        return ends(at: place, in: bytes) ? (digits, place) : nil
    }

    private static func ends(at place: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        place == bytes.count || !bytes[place].isASCIILetter && !bytes[place].isASCIIDigit
    }

    /// Whether a network of cards gives out such numbers, and the check digit is right.
    static func isCard(_ digits: [UInt8]) -> Bool {
        guard digits.count >= 14 else { return false }
        func prefix(_ length: Int) -> Int { digits.prefix(length).reduce(0) { 10 * $0 + Int($1) } }
        let isGivenOut =
            switch digits.count {
            // Diners Club.
            case 14: (300...305).contains(prefix(3)) || [36, 38, 39].contains(prefix(2))
            // American Express.
            case 15: [34, 37].contains(prefix(2))
            // Visa, Mastercard, Discover, JCB, UnionPay.
            case 16:
                prefix(1) == 4 || (51...55).contains(prefix(2)) || (2221...2720).contains(prefix(4))
                    || prefix(4) == 6011 || (644...659).contains(prefix(3))
                    || (3528...3589).contains(prefix(4)) || prefix(2) == 62
            case 19: prefix(1) == 4 || prefix(2) == 62
            default: false
            }
        return isGivenOut && isLuhn(digits)
    }

    /// Luhn's check (US patent 2,950,048; ISO/IEC 7812-1, annex B).
    private static func isLuhn(_ digits: [UInt8]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let value = Int(item.element) * (item.offset % 2 == 1 ? 2 : 1)
            return sum + (value > 9 ? value - 9 : value)
        }
        return sum % 10 == 0
    }
}

/// How signed tokens look: three parts in Base64 for URLs, of which the first two are JSON (RFC 7515, section 7.1).
enum SignedTokenForm {
    /// The end of the token that begins at `start`; nil when none does.
    static func end(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        // What begins with {" begins with eyJ in Base64.
        guard bytes.has("eyJ", at: start) else { return nil }
        let head = bytes.wordEnd(from: start)
        guard head - start >= 10, bytes.has(".eyJ", at: head) else { return nil }
        let claims = bytes.wordEnd(from: head + 1)
        guard claims - head >= 10, bytes.has(".", at: claims) else { return nil }
        let signature = bytes.wordEnd(from: claims + 1)
        return signature - claims > 16 ? signature : nil
    }
}

/// How private keys begin in text (RFC 7468, sections 10 and 11).
enum PrivateKeyForm {
    /// Room for words such as `OPENSSH`, `EC` or `ENCRYPTED`.
    private static let mostWords = 20

    /// The end of the line that begins at `start`; nil when it is none.
    static func end(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard bytes.has("-----BEGIN ", at: start) else { return nil }
        let words = start + 11
        let ends = (words...words + mostWords).lazy.compactMap { place -> Int? in
            bytes.has("PRIVATE KEY-----", at: place) ? place + 16 : nil
        }
        return ends.first
    }
}

/// How the keys of one service look: known letters, and so many others behind them.
struct SecretForm: Sendable {
    private let prefix: StaticString
    private let length: ClosedRange<Int>
    private let alphabet: Alphabet

    private enum Alphabet {
        /// Capital letters and digits.
        case capitals
        /// Letters and digits.
        case letters
        /// Lower-case hexadecimal digits.
        case hexadecimal
        /// Letters, digits, `_` and `-`, and of letters and digits at least one each.
        case mixed
        /// The same, with sixteen of them or more between two marks: words with hyphens are no key.
        case dense
    }

    /// The forms that the services themselves tell scanners of.
    static let all: [SecretForm] = {
        // Of this server; see `SecretToken.Purpose`.
        let ours: [StaticString] = ["cr_", "crr_", "cri_", "crp_", "crv_"]
        let gitHub: [StaticString] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"]
        let stripe: [StaticString] = ["sk_live_", "sk_test_", "rk_live_", "rk_test_"]
        let slack: [StaticString] = ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"]
        return ours.map { SecretForm(prefix: $0, length: 64...64, alphabet: .hexadecimal) }
            + gitHub.map { SecretForm(prefix: $0, length: 36...251, alphabet: .letters) }
            + stripe.map { SecretForm(prefix: $0, length: 16...250, alphabet: .letters) }
            + slack.map { SecretForm(prefix: $0, length: 20...250, alphabet: .mixed) }
            + [
                // OpenAI, Anthropic, OpenRouter and others.
                SecretForm(prefix: "sk-", length: 20...250, alphabet: .dense),
                // Amazon: IAM's unique identifiers of access keys.
                SecretForm(prefix: "AKIA", length: 16...16, alphabet: .capitals),
                SecretForm(prefix: "ASIA", length: 16...16, alphabet: .capitals),
                SecretForm(prefix: "AIza", length: 35...35, alphabet: .mixed),
                SecretForm(prefix: "github_pat_", length: 22...250, alphabet: .mixed),
                SecretForm(prefix: "glpat-", length: 20...250, alphabet: .mixed),
                SecretForm(prefix: "hf_", length: 30...50, alphabet: .letters),
                SecretForm(prefix: "npm_", length: 36...36, alphabet: .letters),
                // Standard Webhooks.
                SecretForm(prefix: "whsec_", length: 24...88, alphabet: .mixed),
            ]
    }()

    /// Whether the word is such a key.
    func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ word: Range<Int>) -> Bool {
        guard length.contains(word.count - prefix.utf8CodeUnitCount), bytes.has(prefix, at: word.lowerBound)
        else { return false }
        let rest = bytes[word.dropFirst(prefix.utf8CodeUnitCount)]
        return switch alphabet {
        case .capitals: rest.allSatisfy { $0.isASCIIDigit || (0x41...0x5A).contains($0) }
        case .letters: rest.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit }
        case .hexadecimal: rest.allSatisfy { $0.isASCIIDigit || (0x61...0x66).contains($0) }
        case .mixed: isMixed(rest)
        case .dense:
            rest.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
                .contains { $0.count >= 16 && isMixed($0) }
        }
    }

    private func isMixed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        bytes.contains(where: \.isASCIIDigit) && bytes.contains(where: \.isASCIILetter)
    }
}
