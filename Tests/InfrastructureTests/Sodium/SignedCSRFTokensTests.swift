import Domain
import Infrastructure
import Testing

@Suite("CSRF tokens")
struct SignedCSRFTokensTests {
    private let session = Identifier<Session>(high: 0x0189_0000_ABCD_7000, low: 0x8000_0000_0000_0001)
    private let other = Identifier<Session>(high: 0x0189_0000_0000_7000, low: 0x8000_0000_0000_0002)

    @Test("A5: a token tells the session that it was made for, until the key is gone")
    func binding() throws {
        let token = SignedCSRFTokens(try Keys.ring(1)).token(for: session)
        #expect(SignedCSRFTokens(try Keys.ring(1)).session(of: token) == session)
        #expect(SignedCSRFTokens(try Keys.ring(2, 1)).session(of: token) == session)
        #expect(SignedCSRFTokens(try Keys.ring(2)).session(of: token) == nil)
        #expect(SignedCSRFTokens(try Keys.ring(2, 1)).token(for: session) != token)
    }

    @Test("A5: nothing but what was made here is a token, and none is good for another session")
    func forgery() throws {
        let tokens = SignedCSRFTokens(try Keys.ring(1))
        let token = tokens.token(for: session)
        let tag = try #require(token.split(separator: ".").last)
        let forged = [
            "", ".", "\(session)", "\(session).", "\(other).\(tag)", String(token.dropLast()), token + "A",
            token + "=", "\(session)".uppercased() + ".\(tag)", String(repeating: "é", count: 80),
            String(repeating: "0", count: 100_000),
        ]
        for text in forged { #expect(tokens.session(of: text) == nil, "\(text.prefix(50))") }
    }
}
