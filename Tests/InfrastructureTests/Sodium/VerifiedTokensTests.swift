import Application
import Domain
import Infrastructure
import Testing

@Suite("Tokens that come again")
struct VerifiedTokensTests {
    @Test(
        "A6: a token that was found good once is refused when its time is over, and with any letter changed")
    func again() throws {
        let tokens = SignedAccessTokens(try KeyRing(KeyRing.make()))
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let claims = AccessClaims(
            user: Identifier(high: 1, low: 1), session: Identifier(high: 2, low: 2), issuedAt: now,
            expiresAt: now + .seconds(60))
        let token = tokens.sign(claims)
        for _ in 0..<2 { #expect(tokens.verify(token, at: now) == claims) }
        #expect(tokens.verify(token, at: now + .seconds(60)) == nil)
        #expect(tokens.verify(token, at: now) == claims)
        for place in token.indices {
            var changed = token
            changed.replaceSubrange(place...place, with: token[place] == "A" ? "B" : "A")
            #expect(tokens.verify(changed, at: now) == nil)
        }
        // The sign for kelvin is equivalent to the letter K, but not the same.
        #expect(tokens.verify(token + "\u{212A}", at: now) == nil)
        #expect(SignedAccessTokens(try KeyRing(KeyRing.make())).verify(token, at: now) == nil)
    }

    @Test("more tokens than are remembered are good all the same")
    func many() throws {
        let tokens = SignedAccessTokens(try KeyRing(KeyRing.make()))
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let all = (0..<UInt64(2000)).map { number in
            AccessClaims(
                user: Identifier(high: 1, low: number), session: Identifier(high: 2, low: number),
                issuedAt: now,
                expiresAt: now + .seconds(60))
        }
        let signed = all.map { ($0, tokens.sign($0)) }
        for _ in 0..<2 {
            for (claims, token) in signed { #expect(tokens.verify(token, at: now) == claims) }
        }
    }
}
