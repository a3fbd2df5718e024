import Domain
import Testing

@Suite("Grounding of proposals") struct GroundingTests {
    let talk = Talk.all[0]
    var ranking: Ranking { Ranking(transcript: talk.transcript, signals: talk.signals) }

    @Test("C25: times near a story with words from it are moved to its sentence borders")
    func snaps() throws {
        let story = talk.stories[1]
        let proposal = HighlightProposal(
            start: story.start + 0.4, end: story.end - 0.4,
            quote: "Last summer something happened that nobody",
            title: "“Forty thousand bees vanished!” #bees", hook: 99, engagement: -4, value: 12,
            shareability: 20,
            hookType: .story, reasoning: "It\nmoves.")
        let found = try #require(ranking.grounded([proposal], options: try ClipOptions()).first)
        #expect(abs(found.span.start - story.start) < 0.3 && abs(found.span.end - story.end) < 0.5)
        #expect(found.text == talk.transcript.text(in: story))
        #expect(found.title == "Forty thousand bees vanished! bees")
        #expect(found.score == HighlightScore(hook: 25, engagement: 0, value: 12, shareability: 20))
        #expect(found.reasoning == "It moves.")
    }

    @Test("C25: words that are said elsewhere are found without the right times")
    func findsQuote() throws {
        let quote =
            "Last summer something happened that nobody in this room will ever forget. One night in July the bees disappeared."
        for times in [(0.0, 20.0), (nil, nil)] {
            let proposal = HighlightProposal(start: times.0, end: times.1, quote: quote)
            let found = try #require(ranking.grounded([proposal], options: try ClipOptions()).first)
            #expect(found.span.start >= talk.stories[1].start - 0.5)
            #expect(found.text.hasPrefix("Last summer something happened"))
        }
    }

    @Test(
        "C25: what is not in the transcript is left out",
        arguments: [
            HighlightProposal(start: 154, end: 190, quote: "Aliens landed upon our beautiful castle roof"),
            HighlightProposal(start: 10_000, end: 10_030), HighlightProposal(start: 60, end: 50),
            HighlightProposal(start: .nan, end: .infinity), HighlightProposal(quote: "the"),
            HighlightProposal(),
            HighlightProposal(quote: "a monk in Australia told me nothing about seeds at all that day"),
        ])
    func dropsInventions(_ proposal: HighlightProposal) throws {
        #expect(ranking.grounded([proposal], options: try ClipOptions()).isEmpty)
    }

    @Test("C25: spans are brought to the wanted lengths; of two that overlap the better stays")
    func fitsAndParts() throws {
        let proposals = [
            HighlightProposal(start: 155, end: 158, hook: 20, engagement: 20, value: 20, shareability: 20),
            HighlightProposal(start: 150, end: 300, hook: 1, engagement: 1, value: 1, shareability: 1),
            HighlightProposal(start: 5, end: 60, hook: 9, engagement: 9, value: 9, shareability: 9),
        ]
        let found = ranking.grounded(proposals, options: try ClipOptions(minDuration: 20, maxDuration: 40))
        #expect(found.map(\.score.total) == [80, 36])
        #expect(found.allSatisfy { (20...40).contains($0.span.duration) })
        #expect(found[0].span.contains(156))
    }
}
