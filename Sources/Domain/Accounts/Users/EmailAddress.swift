/// An e-mail address in the one form in which it is stored and compared: lower case, its domain in ASCII.
public struct EmailAddress: Hashable, Sendable {
    /// The most bytes of an address (RFC 5321, section 4.5.3.1.3, without the angle brackets).
    public static let greatestLength = 254
    /// The most bytes before the at sign (RFC 5321, section 4.5.3.1.1).
    public static let greatestLocalPartLength = 64
    /// The most bytes of a domain, written out (RFC 1035, section 2.3.4).
    public static let greatestDomainLength = 253
    /// The most bytes between two dots of a domain (RFC 1035, section 2.3.4).
    public static let greatestLabelLength = 63

    /// What stands before the at sign.
    public let localPart: String
    /// What stands after it; a domain with letters beyond ASCII has labels that begin with `xn--`.
    public let domain: String

    /// An address from what a person typed.
    ///
    /// - Parameters:
    ///   - text: Any case; no white space around it.
    ///   - asciiForm: Turns a domain with letters beyond ASCII into its ASCII form (IDNA 2008), nil when it has
    ///     none. Without it such domains are refused.
    public init(
        _ text: String, asciiForm: (_ domain: String) -> String? = { _ in nil }
    ) throws(EmailAddressError) {
        guard let sign = text.lastIndex(of: "@") else { throw .form }
        let local = text[..<sign]
        var domain = String(text[text.index(after: sign)...])
        if !domain.utf8.allSatisfy({ $0 < 0x80 }) {
            guard let converted = asciiForm(domain) else { throw .internationalDomain }
            domain = converted
        }
        localPart = local.lowercased()
        self.domain = domain.lowercased()
        guard Self.isLocalPart(local.utf8) else { throw .localPart }
        guard Self.isDomain(self.domain) else { throw .domain }
        guard self.text.utf8.count <= Self.greatestLength else { throw .tooLong }
    }

    /// Restores an address as a store kept it; nil when it has no at sign.
    public init?(stored text: String) {
        guard let sign = text.lastIndex(of: "@") else { return nil }
        localPart = String(text[..<sign])
        domain = String(text[text.index(after: sign)...])
    }

    /// The whole address, which is unique among users.
    public var text: String { "\(localPart)@\(domain)" }

    private static func isLocalPart(_ bytes: Substring.UTF8View) -> Bool {
        guard (1...greatestLocalPartLength).contains(bytes.count) else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty
                && $0.allSatisfy { byte in
                    byte.isASCIILetter || byte.isASCIIDigit || "_%+-".utf8.contains(byte)
                }
        }
    }

    private static func isDomain(_ domain: String) -> Bool {
        guard domain.utf8.count <= greatestDomainLength else { return false }
        let labels = domain.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isLabel), let ending = labels.last else { return false }
        // A country's ending beyond ASCII, such as xn--p1ai, has digits and hyphens.
        return ending.count >= 2 && (ending.allSatisfy(\.isASCIILetter) || ending.starts(with: "xn--".utf8))
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...greatestLabelLength).contains(label.count) && label.first != hyphen
            && label.last != hyphen
            && label.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == hyphen }
    }
}

extension EmailAddress: CustomStringConvertible {
    /// The whole address.
    public var description: String { text }
}

/// The rules of an e-mail address.
public enum EmailAddressError: CodedError, Equatable, CaseIterable {
    /// It has something before and after an at sign.
    case form
    /// What stands before the at sign is 1–64 letters, digits and `._%+-`, without a dot at an end or two in a row.
    case localPart
    /// What stands after it is a domain name with at least one dot.
    case domain
    /// A domain with letters beyond ASCII is taken only where it can be converted.
    case internationalDomain
    /// It has at most 254 characters.
    case tooLong

    /// The stable code of the rule.
    public var code: String {
        switch self {
        case .form: "email_form"
        case .localPart: "email_local_part"
        case .domain: "email_domain"
        case .internationalDomain: "email_international_domain"
        case .tooLong: "email_too_long"
        }
    }

    /// What was wrong and what to do.
    public var explanation: String {
        switch self {
        case .form: "An e-mail address looks like name@example.org."
        case .localPart:
            "Before the @ stand 1–\(EmailAddress.greatestLocalPartLength) letters of a–z, digits and ._%+-, "
                + "with no dot first, last or doubled."
        case .domain: "After the @ stands a domain such as example.org."
        case .internationalDomain:
            "This domain has letters beyond a–z that cannot be converted. Write it in its ASCII form, xn--…"
        case .tooLong: "An e-mail address has at most \(EmailAddress.greatestLength) characters."
        }
    }
}
