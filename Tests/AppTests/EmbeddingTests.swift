import Testing

@Suite("The example of embedding") struct EmbeddingTests {
    @Test("it takes a task to completed with adapters of its own")
    func completes() async throws {
        let run = try await Cutroom.runEmbedding()
        #expect(run.status == 0)
        #expect(run.errors == "")
        let expected = """
            rendering 3.0–10.9 s at 1080×1920
            task completed
            clip 1: Two of them pump blood (7.9 s)

            """
        #expect(run.output == expected)
    }
}
