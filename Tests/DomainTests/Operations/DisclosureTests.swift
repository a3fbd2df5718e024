import Domain
import TestSupport
import Testing

@Suite("What texts should not tell")
struct DisclosureTests {
    private static let letters = "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8"
    private static let hexadecimal = String(repeating: "0123456789abcdef", count: 4)
    /// Put together here, so that no scanner takes them for real.
    private static let token =
        ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTYifQ", letters].joined(separator: ".")

    @Test("O51: prose tells nothing, also prose about keys", arguments: Corpus.texts)
    func ordinary(text: String) {
        let found = Disclosure.all(in: text)
        // One of them is an address and nothing else.
        #expect(found.map(\.kind) == (text == "ada+clips@example.org" ? [.email] : []))
    }

    @Test(
        "O51: neither do numbers, names and words that look a little like it",
        arguments: [
            "SELECT * FROM love; DROP the beat", "Meet me @ 5.pm", "@ada & @grace", "a@b", "ada@localhost",
            "user@.example", "@example.org", "4111 1111 1111 1112", "1234 5678 9012 3456",
            "Order 4111111111111111000", "x4111111111111111", "4111111111111111x",
            "ISBN 978-3-16-148410-0", "EAN 4006381333931", "+49 30 1234 5678 9012",
            "550e8400-e29b-41d4-a716-446655440000", "1732226400000", "1732226400000000000",
            "4 8 15 16 23 42", "sk-8 wheels", "sk-2024-annual-skiing-championship-of-the-alps",
            "sk-learn-and-friends-for-beginners", "AKIA", "AKIAisnotakeyatallno", "cr_short", "eyJ is Base64",
            "eyJhbGci.eyJzdWIi.x", "hf_hub_download", "ghp_", "-----BEGIN a talk-----",
            "-----BEGIN CERTIFICATE-----", "the PRIVATE KEY-----",
        ])
    func harmless(text: String) {
        #expect(Disclosure.all(in: text).isEmpty)
    }

    @Test(
        "O51: addresses, cards, keys and tokens are found, with their places",
        arguments: [
            ("write to ada@example.org now", Disclosure.Kind.email, 9..<24),
            ("ada.l+clips@mail.example.co.uk.", .email, 0..<30), ("(x@bücher.example)", .email, 1..<17),
            ("é: ada@example.org", .email, 3..<18),
            ("card 4111 1111 1111 1111!", .cardNumber, 5..<24),
            ("4111-1111-1111-1111", .cardNumber, 0..<19), ("4111111111111111", .cardNumber, 0..<16),
            ("year 2024 4111 1111 1111 1111", .cardNumber, 10..<29),
            ("3782 822463 10005", .cardNumber, 0..<17), ("378282246310005", .cardNumber, 0..<15),
            ("5555555555554444", .cardNumber, 0..<16), ("2223003122003222", .cardNumber, 0..<16),
            ("6011111111111117", .cardNumber, 0..<16), ("3530111333300000", .cardNumber, 0..<16),
            ("3056 930902 5904", .cardNumber, 0..<16),
            ("key=sk-" + letters, .apiKey, 4..<34), ("sk-proj-" + letters, .apiKey, 0..<35),
            ("AK" + "IAIOSFODNN7EXAMPLE", .apiKey, 0..<20), ("AS" + "IAIOSFODNN7EXAMPLE", .apiKey, 0..<20),
            ("cr_" + hexadecimal, .apiKey, 0..<67), ("crr_" + hexadecimal, .apiKey, 0..<68),
            ("gh" + "p_" + letters + "abcdefghi", .apiKey, 0..<40),
            ("xox" + "b-" + letters, .apiKey, 0..<32), ("hf" + "_" + letters + "abc", .apiKey, 0..<33),
            ("sk_" + "live_" + letters, .apiKey, 0..<35),
            ("Bearer " + token, .signedToken, 7..<7 + token.count),
            ("-----BEGIN RSA PRIVATE KEY-----", .privateKey, 0..<31),
            ("-----BEGIN PRIVATE KEY-----", .privateKey, 0..<27),
        ])
    func found(text: String, kind: Disclosure.Kind, range: Range<Int>) {
        let found = Disclosure.all(in: text)
        #expect(found.map(\.kind) == [kind])
        #expect(found.map(\.range) == [range])
    }

    @Test("O51: every purpose of a token of this server is known")
    func purposes() throws {
        for purpose in SecretToken.Purpose.allCases {
            let token = try #require(SecretToken(for: purpose, bytes: [UInt8](repeating: 0xA7, count: 32)))
            #expect(Disclosure.all(in: "my \(token.text)").map(\.range) == [3..<3 + token.text.count])
        }
    }

    @Test("O51: all of them are told, in their order")
    func several() {
        let text = "grace@example.org, 4111111111111111, ada@example.org, \(Self.token)"
        #expect(Disclosure.all(in: text).map(\.kind) == [.email, .cardNumber, .email, .signedToken])
    }

    @Test("O51: nothing is found in what only tires")
    func tiring() {
        for piece in ["@", "a@", "4111 ", "4", "eyJ.", "sk-", "-----BEGIN ", "a.", ".@", "\u{E9}@"] {
            let text = String(repeating: piece, count: 20_000)
            #expect(Disclosure.all(in: text).count < 20_000, "\(piece)")
        }
    }
}
