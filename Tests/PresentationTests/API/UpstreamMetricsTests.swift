import Application
import Domain
import Testing

@Suite("Upstreams in the metrics")
struct UpstreamMetricsTests {
    @Test("A65: each upstream has one state of three, and a server that calls none has no samples")
    func gauge() async throws {
        let upstreams = Upstreams(
            clock: InMemoryClock(), random: SeededRandomSource(seed: 1), log: SilentLog())
        let fixture = try APIFixture(upstreams: upstreams)
        func samples() async throws -> [String] {
            try await fixture.send("GET", "/metrics").body.text.split(separator: "\n").map(String.init)
                .filter { $0.contains("cutroom_upstream") && !$0.hasPrefix("#") }
        }
        #expect(try await samples().isEmpty)
        for _ in 0..<5 { try upstreams.named("chat").lease().failed("gone") }
        _ = upstreams.named("mail")
        #expect(
            try await samples() == [
                #"cutroom_upstream_breaker{upstream="chat",state="closed"} 0"#,
                #"cutroom_upstream_breaker{upstream="chat",state="open"} 1"#,
                #"cutroom_upstream_breaker{upstream="chat",state="half_open"} 0"#,
                #"cutroom_upstream_breaker{upstream="mail",state="closed"} 1"#,
                #"cutroom_upstream_breaker{upstream="mail",state="open"} 0"#,
                #"cutroom_upstream_breaker{upstream="mail",state="half_open"} 0"#,
            ])
    }
}
