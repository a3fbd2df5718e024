import Application
import Domain
import FoundationEssentials
import Infrastructure
import Testing

@Suite("Access tokens")
struct SignedAccessTokensTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)
    private var claims: AccessClaims {
        AccessClaims(
            user: Identifier(high: 0x01A0_C3E9_0000_7000, low: 0x8000_0000_0000_0001),
            session: Identifier(high: 0x01A0_C3E9_0000_7000, low: 0x8000_0000_0000_0002), issuedAt: now,
            expiresAt: now + .seconds(900))
    }

    @Test("the signature is that of RFC 7515, appendix A.1")
    func vector() throws {
        let key = try #require(
            bytes("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"))
        let content =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let tag = HMACSHA256.tag(of: content.utf8, key: SecretBytes(key))
        #expect(text(tag) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    @Test("a token is, to the letter, what another program makes of the same key and claims")
    func known() throws {
        // By Python's hmac, hashlib and json, from the master key 00 01 02 … 1f.
        let expected =
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InlTQy12UlR5SFRvIiwidHlwIjoiSldUIn0."
            + "eyJleHAiOjE3OTAwMDA5MDAsImlhdCI6MTc5MDAwMDAwMCwiaXNzIjoiY3V0cm9vbSIsInNpZCI6IjAxYTBjM2U5LTAwMD"
            + "AtNzAwMC04MDAwLTAwMDAwMDAwMDAwMiIsInN1YiI6IjAxYTBjM2U5LTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMSJ9."
            + "gUWVcGfmVxAvCi5r_wstKDTl2RrAf6KuOEKsQXFHbp8"
        let tokens = SignedAccessTokens(try Keys.ring(0))
        #expect(tokens.sign(claims) == expected)
        #expect(tokens.verify(expected, at: now) == claims)
    }

    @Test("a token is good until the very moment in which it expires, and not long before it was given out")
    func time() throws {
        let tokens = SignedAccessTokens(try Keys.ring(0))
        let token = tokens.sign(claims)
        #expect(tokens.verify(token, at: now + .milliseconds(899_999)) != nil)
        #expect(tokens.verify(token, at: now + .seconds(900)) == nil)
        #expect(tokens.verify(token, at: now - SignedAccessTokens.tolerance) != nil)
        #expect(tokens.verify(token, at: now - SignedAccessTokens.tolerance - .milliseconds(1)) == nil)
    }

    @Test(
        "times are told in whole seconds, rounded down", arguments: [0, 1, 999, -1, -999, -1000] as [Int64])
    func rounding(milliseconds: Int64) throws {
        let tokens = SignedAccessTokens(try Keys.ring(0))
        let issued = Timestamp(milliseconds: milliseconds)
        let token = tokens.sign(
            AccessClaims(
                user: claims.user, session: claims.session, issuedAt: issued, expiresAt: issued + .seconds(9))
        )
        let read = try #require(tokens.verify(token, at: issued))
        #expect(read.issuedAt <= issued && issued - read.issuedAt < .seconds(1))
        #expect(read.issuedAt.milliseconds.isMultiple(of: 1000))
    }

    @Test("a token with any one letter changed, added or left out is no good")
    func tampering() throws {
        let tokens = SignedAccessTokens(try Keys.ring(0))
        let token = Array(tokens.sign(claims).utf8)
        for index in token.indices {
            for letter in "Aa0-_.=+/ \n".utf8 where letter != token[index] {
                var changed = token
                changed[index] = letter
                #expect(tokens.verify(String(decoding: changed, as: UTF8.self), at: now) == nil, "\(index)")
            }
            var shorter = token
            shorter.remove(at: index)
            #expect(tokens.verify(String(decoding: shorter, as: UTF8.self), at: now) == nil, "\(index)")
        }
        for letter in "A=. \n\0é".unicodeScalars {
            #expect(tokens.verify(String(decoding: token, as: UTF8.self) + String(letter), at: now) == nil)
        }
    }

    @Test("bits that stand for nothing must be zero: a signature is written in one way only")
    func junkBits() throws {
        let tokens = SignedAccessTokens(try Keys.ring(0))
        let token = tokens.sign(claims)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(token.last.flatMap { alphabet.firstIndex(of: $0) })
        // 32 bytes are 42 letters and two thirds of one, whose last two bits stand for nothing.
        #expect(last.isMultiple(of: 4))
        for junk in 1...3 {
            #expect(tokens.verify(String(token.dropLast()) + String(alphabet[last + junk]), at: now) == nil)
        }
    }

    @Test(
        "a header that is not ours is refused, whatever it says and however well it is signed",
        arguments: [
            #"{"alg":"none"}"#, #"{"alg":"none","kid":"KID","typ":"JWT"}"#,
            #"{"alg":"None","kid":"KID","typ":"JWT"}"#, #"{"alg":"HS512","kid":"KID","typ":"JWT"}"#,
            #"{"alg":"RS256","kid":"KID","typ":"JWT"}"#, #"{"alg":"HS256","typ":"JWT"}"#,
            #"{"alg":"HS256","kid":"other","typ":"JWT"}"#, #"{"alg":"HS256","kid":"KID","typ":"JWE"}"#,
            #"{"alg":"HS256","alg":"none","kid":"KID","typ":"JWT"}"#,
            #"{"alg":"HS256","kid":"KID","typ":"JWT","crit":["exp"]}"#,
            #"{"alg":"HS256","kid":"KID","typ":"JWT","jwk":{}}"#,
            #"{"alg": "HS256","kid":"KID","typ":"JWT"}"#,
            "", "null", "[]", "{",
        ])
    func header(_ json: String) throws {
        let tokens = SignedAccessTokens(keys: [key], issuer: "cutroom", audience: nil)
        let header = text(Array(json.replacing("KID", with: "main").utf8))
        let payload = payload()
        #expect(tokens.verify(signed(header, payload), at: now) == nil)
        #expect(tokens.verify("\(header).\(payload).", at: now) == nil)
        // With ours the same is good.
        #expect(tokens.verify(signed(key.header, payload), at: now) == claims)
        #expect(tokens.verify("\(key.header).\(payload).", at: now) == nil)
    }

    @Test(
        "claims are refused unless each is there, of its kind, and as it should be",
        arguments: [
            ["iss": "\"other\""], ["iss": nil], ["iss": "[\"cutroom\"]"], ["aud": "\"someone\""],
            ["aud": "[\"someone\"]"], ["sub": nil], ["sub": "\"1\""], ["sub": "1"], ["sid": nil],
            ["sid": "\"\""], ["iat": nil], ["exp": nil], ["exp": "null"], ["exp": "\"1790000900\""],
            ["exp": "1790000900.5"], ["exp": "1e99"], ["exp": "99999999999999999999"],
            ["exp": "-1"], ["exp": "1790000000"], ["iat": "1790000061"], ["iat": "9223372036854775807"],
        ] as [[String: String?]])
    func claim(_ changes: [String: String?]) {
        let tokens = SignedAccessTokens(keys: [key], issuer: "cutroom", audience: nil)
        #expect(tokens.verify(signed(key.header, payload(changes)), at: now) == nil)
    }

    @Test("a moment beyond all bounds is no trap")
    func bounds() {
        let tokens = SignedAccessTokens(keys: [key], issuer: "cutroom", audience: nil)
        let token = signed(
            key.header, payload(["exp": "9223372036854775807", "iat": "-9223372036854775808"]))
        #expect(tokens.verify(token, at: now)?.expiresAt == Timestamp(milliseconds: .max))
        let farthest = AccessClaims(
            user: claims.user, session: claims.session, issuedAt: Timestamp(milliseconds: .min),
            expiresAt: Timestamp(milliseconds: .max))
        #expect(tokens.verify(tokens.sign(farthest), at: now) != nil)
    }

    @Test("what is signed is refused when it is no JSON")
    func noJSON() {
        let tokens = SignedAccessTokens(keys: [key], issuer: "cutroom", audience: nil)
        for payload in ["", "A", text(Array("{".utf8)), text([0xFF, 0xFE]), text(Array("[]".utf8))] {
            #expect(tokens.verify(signed(key.header, payload), at: now) == nil)
        }
    }

    @Test("tokens for an audience are for that one alone")
    func audience() throws {
        let ring = try Keys.ring(0)
        let ours = SignedAccessTokens(ring, audience: "https://cut.example")
        let token = ours.sign(claims)
        #expect(ours.verify(token, at: now) == claims)
        #expect(SignedAccessTokens(ring, audience: "https://other.example").verify(token, at: now) == nil)
        #expect(SignedAccessTokens(ring).verify(token, at: now) == nil)
        #expect(ours.verify(SignedAccessTokens(ring).sign(claims), at: now) == nil)
    }

    @Test("after a new key was made tokens of the earlier one are good until it is dropped")
    func rotation() throws {
        let old = SignedAccessTokens(try Keys.ring(0)).sign(claims)
        let rotated = SignedAccessTokens(try Keys.ring(1, 0))
        #expect(rotated.verify(old, at: now) == claims)
        let new = rotated.sign(claims)
        #expect(SignedAccessTokens(try Keys.ring(1)).verify(new, at: now) == claims)
        #expect(SignedAccessTokens(try Keys.ring(1)).verify(old, at: now) == nil)
        #expect(SignedAccessTokens(try Keys.ring(0)).verify(new, at: now) == nil)
    }

    @Test("a text that is too long, or in fewer or more than three parts, is not looked at")
    func shape() throws {
        let tokens = SignedAccessTokens(keys: [key], issuer: "cutroom", audience: nil)
        func padded(to count: Int) -> String {
            let empty = signed(key.header, payload(["x": "\"\""])).utf8.count
            for length in max(0, (count - empty) * 3 / 4 - 4)...(count - empty) {
                let token = signed(key.header, payload(["x": "\"\(String(repeating: "x", count: length))\""]))
                if token.utf8.count >= count { return token }
            }
            return ""
        }
        let long = padded(to: SignedAccessTokens.greatestLength - 1)
        #expect(
            long.utf8.count <= SignedAccessTokens.greatestLength && tokens.verify(long, at: now) == claims)
        #expect(tokens.verify(padded(to: SignedAccessTokens.greatestLength + 1), at: now) == nil)
        for text in ["", ".", "..", "...", "a.b", "a.b.c.d", String(repeating: ".", count: 100_000)] {
            #expect(tokens.verify(text, at: now) == nil)
        }
    }

    // MARK: - Making tokens as anyone with the key could

    private let key = SignedAccessTokens.Key(
        name: "main", secret: SecretBytes(Array(repeating: 9, count: 32)))

    private func signed(_ header: String, _ payload: String) -> String {
        let content = "\(header).\(payload)"
        return content + "." + text(HMACSHA256.tag(of: content.utf8, key: key.secret))
    }

    private func payload(_ changes: [String: String?] = [:]) -> String {
        var fields: [String: String?] = [
            "iss": "\"cutroom\"", "sub": "\"\(claims.user)\"", "sid": "\"\(claims.session)\"",
            "iat": "1790000000", "exp": "1790000900",
        ]
        for (name, value) in changes { fields[name] = .some(value) }
        let json = fields.sorted { $0.key < $1.key }.compactMap { name, value in
            value.map { "\"\(name)\":\($0)" }
        }
        return text(Array("{\(json.joined(separator: ","))}".utf8))
    }

    private func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private func bytes(_ text: String) -> [UInt8]? {
        let padded = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - padded.count % 4) % 4)
        return Data(base64Encoded: padded + padding).map(Array.init)
    }
}
