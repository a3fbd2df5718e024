import Testing

@Suite("The self-test and the table of errors", .timeLimit(.minutes(10)))
struct SelfTestTests {
    private struct Verdict: Decodable {
        let verdict: String
        let attacks: Int
        let detection_rate: Double
        let false_positive_rate: Double
        let parts: [Part]

        struct Part: Decodable {
            let name: String
            let status: String
        }
    }

    @Test("O49: selftest says whether the defences work and what is missing, and ends accordingly")
    func selfTest() async throws {
        try await Cutroom.use { cutroom in
            let whole = try await cutroom.run("selftest", "--json")
            let verdict = try whole.json(Verdict.self)
            #expect(whole.status == 0 && verdict.verdict == "passed")
            #expect(verdict.attacks >= 50 && verdict.detection_rate >= 0.98)
            #expect(verdict.false_positive_rate == 0)
            #expect(verdict.parts.contains { $0.name == "ffmpeg" && $0.status == "healthy" })
            var bare = cutroom
            bare.environment = ["PATH": "/nowhere"]
            let sick = try await bare.run("selftest")
            #expect(sick.status == 1)
            #expect(sick.output.contains("missing  ffmpeg") && sick.output.contains("failed"))
        }
    }

    @Test("O2: errors prints the page of the documentation")
    func errors() async throws {
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run("errors")
            #expect(run.status == 0 && run.output.hasPrefix("# Errors\n"))
            #expect(run.output.contains("| `storage_full` | 507 | critical | yes |"))
        }
    }
}
