import Domain
import Testing

@Suite("E-mail addresses")
struct EmailAddressTests {
    static let longest = "\(String(repeating: "l", count: 64))@\(domain(of: 189))"

    /// A domain of that many bytes.
    static func domain(of count: Int) -> String {
        var domain = "example.org"
        while domain.utf8.count < count {
            domain = String(repeating: "d", count: min(63, count - domain.utf8.count - 1)) + "." + domain
        }
        return domain
    }

    @Test(
        "A14: an address by the rules is taken",
        arguments: [
            "a@b.co", "ada.lovelace@example.org", "a_b%c+d-e@mail.example.museum", "1@2.info",
            "x@xn--mnchen-3ya.de", "x@example.xn--p1ai", longest,
        ])
    func good(_ text: String) throws {
        #expect(try EmailAddress(text).text == text)
    }

    @Test("A14: an address is stored and compared in one form, so that it cannot be there twice")
    func normalised() throws {
        let address = try EmailAddress("Ada.Lovelace@EXAMPLE.Org")
        #expect(address == (try EmailAddress("ada.lovelace@example.org")))
        #expect(address.text == "ada.lovelace@example.org")
        #expect((address.localPart, address.domain) == ("ada.lovelace", "example.org"))
        #expect(EmailAddress(stored: address.text) == address)
    }

    static let refused: [(text: String, rule: EmailAddressError)] = [
        ("", .form), ("ada", .form), ("@example.org", .localPart), ("ada@", .domain),
        (" ada@example.org", .localPart), ("ada@example.org ", .domain), ("ada@example.org\n", .domain),
        (".ada@example.org", .localPart), ("ada.@example.org", .localPart), ("a..b@example.org", .localPart),
        ("a@b@example.org", .localPart), ("a b@example.org", .localPart), ("\"a\"@example.org", .localPart),
        ("ädä@example.org", .localPart), ("\u{212A}@example.org", .localPart), ("a@example", .domain),
        ("a@example.o", .domain), ("a@example.12", .domain), ("a@-a.org", .domain), ("a@a-.org", .domain),
        ("a@a..org", .domain), ("a@.org", .domain), ("a@org.", .domain), ("a@a_b.org", .domain),
        ("a@[127.0.0.1]", .domain), ("\(String(repeating: "l", count: 65))@example.org", .localPart),
        ("a@\(String(repeating: "d", count: 64)).org", .domain), ("a@\(domain(of: 254))", .domain),
        ("\(String(repeating: "l", count: 64))@\(domain(of: 190))", .tooLong),
    ]

    @Test("A14: an address against a rule is refused by that rule", arguments: refused)
    func bad(_ text: String, _ rule: EmailAddressError) {
        #expect(throws: rule) { try EmailAddress(text) }
    }

    @Test("A14: a domain beyond ASCII is refused, unless it comes converted")
    func international() throws {
        #expect(throws: EmailAddressError.internationalDomain) { try EmailAddress("ada@münchen.de") }
        let address = try EmailAddress("Ada@München.de") { domain in
            domain == "München.de" ? "xn--mnchen-3ya.de" : nil
        }
        #expect(address.text == "ada@xn--mnchen-3ya.de")
        #expect(address == (try EmailAddress("ada@XN--MNCHEN-3YA.de")))
    }

    @Test("a conversion that gives no ASCII domain is not believed", arguments: ["münchen.de", "", "a b.de"])
    func badConversion(_ converted: String) {
        #expect(throws: EmailAddressError.domain) { try EmailAddress("ada@münchen.de") { _ in converted } }
    }
}
