import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("Services that fail, seen from outside", .enabled(if: Slow.enabled), .timeLimit(.minutes(10)))
struct UpstreamTests {
    struct Health: Decodable {
        struct Component: Decodable {
            let name: String
            let status: String
            let essential: Bool
        }
        let status: String
        let components: [Component]
    }

    @Test("A65: tasks go on without a service that has failed five times, and health, metrics and log tell")
    func leftAlone() async throws {
        let service = ScriptedServer { _ in .json("{}", status: 503) }
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = ["CUTROOM_TRANSCRIPTION_URL": service.address + "/v1"]
            let video = try await Recording.short(in: cutroom.folder)
            let running = try cutroom.start("serve", "--port", "0")
            let address = try await running.address()
            func health() async throws -> (status: Int, Health) {
                let answer = try await Web.get(address + "/health")
                return (answer.status, try JSONDecoder().decode(Health.self, from: Data(answer.body)))
            }
            #expect(try await health().1.components.contains { $0.name == "transcription" })

            let upload = try await Web.upload(video, at: address)
            // Three tries of the first task, two of the second, none of the third.
            for calls in [3, 5, 5] {
                let task = try await Web.order(
                    #"{"upload_id":"\#(upload)"}"#, options: #"{"count":1,"min_duration":5,"mode":"fast"}"#,
                    at: address)
                _ = try await Web.follow(task, at: address)
                #expect(try await Web.task(task, at: address).status == "completed")
                #expect(service.requests.count == calls)
            }

            let (status, report) = try await health()
            let component = try #require(report.components.first { $0.name == "transcription" })
            #expect(status == 200 && report.status == "degraded")
            #expect(component.status == "degraded" && !component.essential)
            #expect(try await Web.get(address + "/health/ready").status == 200)
            let metrics = String(decoding: try await Web.get(address + "/metrics").body, as: UTF8.self)
            #expect(metrics.contains(#"cutroom_upstream_breaker{upstream="transcription",state="open"} 1"#))
            running.signal(SIGTERM)
            let log = try await running.end().errors
            #expect(log.components(separatedBy: "upstream rests").count == 2, "\(log)")
        }
    }
}
