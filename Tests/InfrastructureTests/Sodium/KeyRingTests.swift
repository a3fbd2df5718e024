import Application
import Domain
import Infrastructure
import Testing

@Suite("The secret key and what derives from it")
struct KeyRingTests {
    @Test(
        "what is not 64 hexadecimal digits for each key is refused, and not told",
        arguments: [
            "", " \n", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
            String(repeating: "g", count: 64), String(repeating: "0:", count: 32),
            Keys.digits(from: 0) + "\n" + String(repeating: "a", count: 62),
            Array(repeating: Keys.digits(from: 0), count: 9).joined(separator: " "),
        ])
    func malformed(text: String) throws {
        let error = try #require(throws: PortError.self) { try KeyRing(text.utf8) }
        guard case .corrupt(let reason) = error else { throw error }
        #expect(!reason.contains("000000") && !reason.contains("gggg"))
    }

    @Test("case, ends of lines and blanks around a key make no difference")
    func lenience() throws {
        let token = try #require(SecretToken(for: .refresh, bytes: Array(0..<32)))
        let expected = SodiumTokenHasher(try Keys.ring(0xA0)).hash(token)
        for text in [Keys.digits(from: 0xA0).uppercased(), "\t\(Keys.digits(from: 0xA0))\r\n\n"] {
            #expect(SodiumTokenHasher(try KeyRing(text.utf8)).hash(token) == expected)
        }
    }

    @Test("a new key is one line that can be read, and never the same")
    func new() throws {
        let first = KeyRing.make()
        #expect(first.count == 65 && first.last == UInt8(ascii: "\n"))
        _ = try KeyRing(first)
        #expect(KeyRing.make() != first)
    }

    @Test("a ring shows none of its keys")
    func redacted() throws {
        let ring = try Keys.ring(0x10)
        var dumped = ""
        dump(ring, to: &dumped)
        for text in ["\(ring)", String(reflecting: ring), dumped] {
            #expect(!text.contains("1011") && text.contains("redacted"))
        }
    }
}

@Suite("Hashes of tokens")
struct SodiumTokenHasherTests {
    @Test("a hash is BLAKE2b of purpose and bytes, under a key that libsodium derives")
    func known() throws {
        let token = try #require(SecretToken(for: .apiKey, bytes: Array(100..<132)))
        let hash = SodiumTokenHasher(try Keys.ring(0)).hash(token)
        // By Python's hashlib: blake2b(b"cr_" + token, key=blake2b(b"", key=master, salt=1, person="cr-hashs")).
        let expected: [UInt8] = [
            0xDB, 0xEB, 0xF5, 0x83, 0x19, 0x08, 0x97, 0x92, 0x52, 0xD2, 0x93, 0x8E, 0xE6, 0xBC, 0xFD, 0x4F,
            0xB4, 0x96, 0x78, 0x15, 0xBE, 0x1A, 0x5B, 0x93, 0x29, 0x95, 0x6E, 0x2E, 0x1E, 0x6E, 0x3C, 0x52,
        ]
        #expect(hash.bytes == expected)
    }

    @Test("the same bytes have another hash for each purpose, and under each key")
    func separation() throws {
        let hashes = try [Keys.ring(0), Keys.ring(1)].flatMap { ring in
            try SecretToken.Purpose.allCases.map { purpose in
                SodiumTokenHasher(ring).hash(
                    try #require(SecretToken(for: purpose, bytes: Array(repeating: 7, count: 32))))
            }
        }
        #expect(Set(hashes).count == 2 * SecretToken.Purpose.allCases.count)
    }

    @Test("a new key leaves the hashes alone as long as the oldest is kept")
    func rotation() throws {
        let token = SodiumSecretSource().token(for: .invitation)
        let before = SodiumTokenHasher(try Keys.ring(0)).hash(token)
        #expect(SodiumTokenHasher(try Keys.ring(2, 1, 0)).hash(token) == before)
        #expect(SodiumTokenHasher(try Keys.ring(2, 1)).hash(token) != before)
    }

    @Test("no two tokens of a source are the same")
    func source() {
        let tokens = (0..<100).map { _ in SodiumSecretSource().token(for: .apiKey).text }
        #expect(Set(tokens).count == 100)
    }
}
