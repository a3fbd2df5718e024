import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("The components of the program", .timeLimit(.minutes(10)))
struct ComponentTests {
    /// What the tests look at of a component.
    private struct Component: Decodable {
        struct Need: Decodable {
            let name: String
            let kind: String
        }
        let name: String
        let state: String
        let restarts: Int
        let critical: Bool
        let dependencies: [Need]
        let because_of: [String]
    }

    private func components(at address: String) async throws -> [Component] {
        let answer = try await Web.get(address + "/api/v1/operations/components")
        #expect(answer.status == 200)
        return try JSONDecoder().decode([Component].self, from: Data(answer.body))
    }

    private static let server: Set<String> = [
        "store", "media", "pipeline", "worker", "webhooks", "forgetting", "housekeeping", "feed", "http",
        "configuration", "health", "alerts",
    ]

    @Test("O21: all that a server runs is a component, and all of them run")
    func all() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0")
            let address = try await running.address()
            let all = try await components(at: address)
            #expect(Set(all.map(\.name)) == Self.server && all.first?.name == "store")
            #expect(all.allSatisfy { $0.state == "running" && $0.because_of.isEmpty }, "\(all)")
            let http = try #require(all.first { $0.name == "http" })
            #expect(http.critical && http.dependencies.contains { $0.name == "worker" && $0.kind == "soft" })
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("O21: with accounts those that people need are there too")
    func accounts() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start(
                "serve", "--port", "0", "--workers", "0", "--accounts", "on", "--log-level", "debug")
            let address = try await running.address()
            #expect(try await Web.get(address + "/api/v1/operations/components").status == 401)
            running.signal(SIGTERM)
            let log = try await running.end().errors
            for name in ["accounts", "key_uses", "mail"] {
                #expect(log.contains(#""component":"\#(name)","state":"running""#), "\(log)")
                #expect(log.contains(#""component":"\#(name)","state":"stopped""#), "\(log)")
            }
            #expect(!log.contains(#""component":"worker""#))
        }
    }

    @Test("O26: the worker is restarted by name while the server goes on; what carries the rest is not")
    func restart() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--log-level", "debug")
            let address = try await running.address()
            let begun = try await Web.call(
                address + "/api/v1/operations/components/worker:restart", method: "POST")
            #expect(begun.status == 202)
            // Its first start stands in the log as well.
            try await running.complains(of: #""component":"worker","state":"stopped""#)
            try await running.complains(of: #""component":"worker","state":"running""#)
            let worker = try await components(at: address).first { $0.name == "worker" }
            #expect(worker?.state == "running" && worker?.restarts == 1)
            for name in ["http", "store"] {
                let refused = try await Web.call(
                    address + "/api/v1/operations/components/\(name):restart", method: "POST")
                #expect(refused.status == 409)
                #expect(String(decoding: refused.body, as: UTF8.self).contains("component_not_restartable"))
            }
            running.signal(SIGTERM)
            let run = try await running.end()
            #expect(run.status == 0 && run.errors.contains(#""event":"stopped""#))
        }
    }

    @Test("O23: a start that fails ends everything, with one line that names the component and the cause")
    func failure() async throws {
        try await Cutroom.use { cutroom in
            let first = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let port = String(try await first.address().split(separator: ":").last ?? "")
            let second = try await cutroom.run("serve", "--port", port, "--workers", "0")
            #expect(second.status == 1 && second.output.isEmpty)
            #expect(
                second.errors
                    == "cutroom: http: port \(port) is taken; --port takes another, 0 any free one\n")
            first.signal(SIGTERM)
            _ = try await first.end()
        }
    }
}
