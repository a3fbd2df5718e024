import Domain
import Testing

@Suite struct IdentifierTests {
    enum Subject {}

    @Test("an identifier reads back from its text in either case")
    func roundTrip() throws {
        let made = Identifier<Subject>(
            at: Timestamp(milliseconds: 1_700_000_000_123), randomness: (.max, .max))
        #expect(made.description == "018bcfe5-687b-7fff-bfff-ffffffffffff")
        #expect(Identifier<Subject>(made.description) == made)
        #expect(Identifier<Subject>(made.description.uppercased()) == made)
    }

    @Test("a later identifier sorts after an earlier one, whatever the randomness")
    func ordering() {
        let early = Identifier<Subject>(at: Timestamp(milliseconds: 1), randomness: (.max, .max))
        let late = Identifier<Subject>(at: Timestamp(milliseconds: 2), randomness: (0, 0))
        #expect(early < late)
        #expect(early.description < late.description)
    }

    @Test(
        "a malformed identifier is none",
        arguments: [
            "", "018bcfe5687b7fffbfffffffffffffff", "018bcfe5-687b-7fff-bfff-fffffffffff",
            "018bcfe5-687b-7fff-bfff-ffffffffffff0", "018bcfe5-687b-7fff-bfff-fffffffffffg",
            "018bcfe5-687b-7fff+bfff-ffffffffffff",
        ])
    func malformed(_ text: String) {
        #expect(Identifier<Subject>(text) == nil)
    }
}
