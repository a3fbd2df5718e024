import Application
import CIDN2

/// Brings names of hosts into lower-case ASCII (IDNA 2008, RFC 5891, with the mapping of Unicode Technical Standard 46,
/// not transitional), by libidn2.
package struct InternationalDomainNames: DomainNames {
    /// The most bytes of a name, written out (RFC 1035, section 2.3.4).
    package static let greatestLength = 253
    /// The most bytes between two dots (RFC 1035, section 2.3.4).
    package static let greatestLabelLength = 63

    /// Names of hosts.
    package init() {}

    package func ascii(_ name: String) -> String? {
        // Every character takes a byte at least, and what is only mapped away is not worth a look.
        guard name.utf8.count <= 4 * Self.greatestLength, !name.utf8.contains(0) else { return nil }
        let usual = Int32(IDN2_NONTRANSITIONAL.rawValue) | Int32(IDN2_NFC_INPUT.rawValue)
        let strict = usual | Int32(IDN2_USE_STD3_ASCII_RULES.rawValue)
        // libidn2 2.3.3 drops characters that are forbidden in names of hosts instead of refusing the name: there is
        // one exactly where the two results differ.
        guard let ascii = lookUp(name, flags: usual), ascii == lookUp(name, flags: strict), isHost(ascii)
        else { return nil }
        return ascii
    }

    private func lookUp(_ name: String, flags: Int32) -> String? {
        var result: UnsafeMutablePointer<UInt8>?
        let status = idn2_lookup_u8(Array(name.utf8) + [0], &result, flags)
        defer { idn2_free(result) }
        guard status == Int32(IDN2_OK.rawValue), let result else { return nil }
        return String(cString: result)
    }

    /// Whether it has the form of RFC 952 and RFC 1123, section 2.1: labels of letters, digits and inner hyphens.
    private func isHost(_ name: String) -> Bool {
        guard (1...Self.greatestLength).contains(name.utf8.count) else { return false }
        let hyphen = UInt8(ascii: "-")
        return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            (1...Self.greatestLabelLength).contains($0.count) && $0.first != hyphen && $0.last != hyphen
                && $0.allSatisfy { byte in
                    byte == hyphen || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                }
        }
    }
}
