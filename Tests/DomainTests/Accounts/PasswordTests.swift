import Domain
import Testing

@Suite("Passwords and other secrets")
struct PasswordTests {
    @Test(
        "a password has 8–256 characters of any kind, without rules of composition",
        arguments: [
            "correct horse battery staple", "пароль-мой", "tr0ub4dor", "🙂🙃🙂🙃🤖🙂🙃🙂", "        a b     ",
            String(repeating: "ab c", count: 64),
        ])
    func good(_ text: String) throws {
        #expect(try Password(choosing: text).bytes == Array(text.utf8))
    }

    static let refused: [(text: String, rule: PasswordError)] = [
        ("", .tooShort), ("short7!", .tooShort), ("\u{301}éàù", .tooShort),
        (String(repeating: "abcd", count: 64) + "e", .tooLong), ("password", .tooCommon),
        ("PassWord1", .tooCommon), ("12345678", .tooCommon), ("aaaaaaaaaa", .tooCommon),
        ("abababababab", .tooCommon), ("ada@example.org", .ownName), ("Ada_Lovelace", .ownName),
    ]

    @Test("a password against a rule is refused by that rule", arguments: refused)
    func bad(_ text: String, _ rule: PasswordError) {
        #expect(throws: rule) {
            try Password(choosing: text, insteadOf: ["ada_lovelace", "ada@example.org"])
        }
    }

    @Test("every common password would be long enough to be chosen, or it need not be listed")
    func commonest() {
        for text in ["qwertyuiop", "1q2w3e4r", "iloveyou", "p@ssw0rd", "changeme", "administrator"] {
            #expect(throws: PasswordError.tooCommon) { try Password(choosing: text) }
        }
    }

    @Test("signing in asks only whether a password can be so long, so that old ones stay good")
    func typing() {
        #expect(Password(typing: "password")?.bytes.count == 8)
        #expect(Password(typing: "short7!") == nil)
        #expect(Password(typing: String(repeating: "x", count: 257)) == nil)
    }

    @Test("a secret never prints itself, alone, within others or in a dump")
    func redaction() throws {
        struct Request { let secrets: [Any] }
        let bytes = Array(repeating: UInt8(0xAB), count: SecretToken.byteCount)
        let token = try #require(SecretToken(for: .apiKey, bytes: bytes))
        let request = Request(secrets: [
            try Password(choosing: "correct horse"), PasswordHash("$argon2id$v=19$horse"), token,
        ])
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), dumped] {
            for secret in ["horse", "argon", "abab", "171", "99"] { #expect(!text.contains(secret)) }
            #expect(text.contains("redacted"))
        }
    }
}

@Suite("Secret tokens")
struct SecretTokenTests {
    static let bytes = (0..<32).map { UInt8($0 * 8) }

    @Test("A6: a token shows its purpose and reads back", arguments: SecretToken.Purpose.allCases)
    func roundTrip(_ purpose: SecretToken.Purpose) throws {
        let token = try #require(SecretToken(for: purpose, bytes: Self.bytes))
        #expect(token.text.hasPrefix(purpose.rawValue))
        #expect(token.text.utf8.count == purpose.rawValue.utf8.count + 64)
        let again = try #require(SecretToken(token.text, for: purpose))
        #expect(again.bytes == Self.bytes)
    }

    @Test("A6: a token never passes for one of another purpose")
    func purposes() throws {
        for purpose in SecretToken.Purpose.allCases {
            let text = try #require(SecretToken(for: purpose, bytes: Self.bytes)).text
            for other in SecretToken.Purpose.allCases where other != purpose {
                #expect(SecretToken(text, for: other) == nil)
            }
        }
    }

    @Test("A6: an API key begins with cr_")
    func prefix() throws {
        let token = try #require(SecretToken(for: .apiKey, bytes: Self.bytes))
        #expect(token.text == "cr_0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8")
    }

    @Test(
        "what is no token is none",
        arguments: [
            "", "cr_", "cr_abc", "CR_" + String(repeating: "a", count: 64), String(repeating: "a", count: 67),
            "cr_" + String(repeating: "a", count: 63), "cr_" + String(repeating: "a", count: 65),
            "cr_" + String(repeating: "g", count: 64), " cr_" + String(repeating: "a", count: 64),
            "cr_" + String(repeating: "é", count: 32),
        ])
    func malformed(_ text: String) {
        #expect(SecretToken(text, for: .apiKey) == nil)
    }

    @Test("tokens and their hashes have 32 bytes", arguments: [0, 31, 33])
    func lengths(_ count: Int) {
        let bytes = Array(repeating: UInt8(1), count: count)
        #expect(SecretToken(for: .refresh, bytes: bytes) == nil)
        #expect(TokenHash(bytes: bytes) == nil)
    }
}
