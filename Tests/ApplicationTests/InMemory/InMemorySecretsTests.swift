import Application
import Domain
import Testing

@Suite("Twins of what keeps secrets")
struct InMemorySecretsTests {
    private let password = Password(typing: "correct horse")!

    @Test("the hasher tells right from wrong and counts what it was asked")
    func passwords() async throws {
        let hasher = InMemoryPasswordHasher()
        let hash = try await hasher.hash(password)
        #expect(try await hasher.verify(password, against: hash))
        #expect(try await !hasher.verify(Password(typing: "wrong horse")!, against: hash))
        #expect(try await !hasher.verify(password, against: nil))
        #expect(hasher.calls.hashes == 1)
        #expect(hasher.calls.comparisons == 2)
        #expect(hasher.calls.comparisonsWithoutHash == 1)
    }

    @Test("hashes grow old, stay good, and can be made anew")
    func outdated() async throws {
        let hasher = InMemoryPasswordHasher()
        let hash = try await hasher.hash(password)
        #expect(!hasher.isOutdated(hash))
        hasher.changeParameters()
        #expect(hasher.isOutdated(hash))
        #expect(try await hasher.verify(password, against: hash))
        #expect(!hasher.isOutdated(try await hasher.hash(password)))
    }

    @Test("a hasher that is busy refuses until it no longer is")
    func busy() async throws {
        let hasher = InMemoryPasswordHasher()
        hasher.setBusy(true)
        await #expect(throws: PortError.self) { try await hasher.verify(password, against: nil) }
        #expect(hasher.calls == InMemoryPasswordHasher().calls)
        hasher.setBusy(false)
        #expect(try await !hasher.verify(password, against: nil))
    }

    @Test("tokens of the same seed are the same, and hash differently for each purpose")
    func tokens() {
        let seeded = SeededSecretSource(random: SeededRandomSource(seed: 7))
        let again = SeededSecretSource(random: SeededRandomSource(seed: 7))
        #expect(seeded.token(for: .apiKey).text == again.token(for: .apiKey).text)
        #expect(seeded.token(for: .apiKey).text != seeded.token(for: .apiKey).text)
        let hashes = SecretToken.Purpose.allCases.map { purpose in
            InMemoryTokenHasher().hash(SecretToken(for: purpose, bytes: Array(repeating: 1, count: 32))!)
        }
        #expect(Set(hashes).count == SecretToken.Purpose.allCases.count)
    }

    @Test("an access token is good until it expires, and no other text is one")
    func accessTokens() {
        let tokens = InMemoryAccessTokens()
        let claims = AccessClaims(
            user: Identifier(high: 1, low: 2), session: Identifier(high: 3, low: 4),
            issuedAt: Timestamp(milliseconds: 0), expiresAt: Timestamp(milliseconds: 10))
        let token = tokens.sign(claims)
        #expect(tokens.verify(token, at: Timestamp(milliseconds: 9)) == claims)
        #expect(tokens.verify(token, at: Timestamp(milliseconds: 10)) == nil)
        for text in ["", "access-", "access-0", "access-2", "access--1", "access-9223372036854775807"] {
            #expect(tokens.verify(text, at: claims.issuedAt) == nil)
        }
    }

    @Test("a box opens for its own context alone")
    func box() {
        let sealed = InMemorySecretBox().seal([1, 2, 3], context: "a")
        #expect(InMemorySecretBox().open(sealed, context: "a") == [1, 2, 3])
        #expect(InMemorySecretBox().open(sealed, context: "") == nil)
        #expect(InMemorySecretBox().open(sealed, context: "ab") == nil)
    }

    @Test("days begin at midnight of the zone's fixed offset", arguments: [-3, 0, 9] as [Int64])
    func days(hours: Int64) throws {
        let zone = TimeZoneName(stored: "Zone")
        let calendar = FixedCalendar(offsets: [zone: .seconds(3600 * hours)])
        for moment in [-1, 0, 1, 86_399_999, 1_790_000_000_000] as [Int64] {
            let moment = Timestamp(milliseconds: moment)
            let day = try #require(calendar.day(containing: moment, in: zone))
            #expect(day.start <= moment && moment < day.end)
            #expect(day.end - day.start == .seconds(86_400))
            #expect(((day.start + .seconds(3600 * hours)).milliseconds).isMultiple(of: 86_400_000))
        }
        #expect(
            calendar.day(containing: Timestamp(milliseconds: 0), in: TimeZoneName(stored: "Other")) == nil)
        #expect(calendar.day(containing: Timestamp(milliseconds: 0), in: .utc) != nil)
    }
}
