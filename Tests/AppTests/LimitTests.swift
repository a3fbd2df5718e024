import Glibc
import Infrastructure
import Testing

@Suite("The program keeps strangers to a pace", .timeLimit(.minutes(10)))
struct LimitTests {
    /// Asks for a page as someone whom a proxy on this machine names.
    private func get(_ address: String, for client: String? = nil) async throws -> HTTPResponse {
        let headers = client.map { [(name: "X-Forwarded-For", value: $0)] } ?? []
        return try await HTTPClient().send(
            HTTPRequest(address + "/docs", headers: headers, destination: .configured))
    }

    /// A server with accounts, for the length of `body`.
    private func serving(
        _ arguments: [String], _ body: (_ address: String) async throws -> Void
    ) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment["CUTROOM_ACCOUNTS"] = "on"
            let running = try cutroom.start(words: ["serve", "--port", "0", "--workers", "0"] + arguments)
            try await body(try await running.address())
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("A53: who asks too often is told how long to wait; addresses that are made up change nothing")
    func refused() async throws {
        try await serving(["--rate-limit", "2/min"]) { (address: String) async throws in
            for number in 1...4 {
                #expect(try await get(address, for: "192.0.2.\(number)").status == 200)
            }
            let refused = try await get(address, for: "192.0.2.5")
            #expect(refused.status == 429)
            #expect(refused.header("RateLimit-Policy") == #""address";q=4;w=120"#)
            let wait = try #require(refused.header("Retry-After").flatMap { Int($0) })
            #expect((1...30).contains(wait))
        }
    }

    @Test("A53: a trusted proxy's clients count each alone")
    func proxied() async throws {
        try await serving(["--rate-limit", "1/min", "--trusted-proxies", "127.0.0.0/8"]) {
            (address: String) async throws in
            for client in ["192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"] {
                #expect(try await get(address, for: client).status == 200)
            }
            #expect(try await get(address, for: "2001:db8::3").status == 429)
            #expect(try await get(address, for: "192.0.2.2, 127.0.0.9").status == 200)
            #expect(try await get(address, for: "192.0.2.3, 192.0.2.2").status == 429)
        }
    }

    @Test("A53: a pace that is off, and a server without accounts, count nobody")
    func off() async throws {
        try await serving(["--rate-limit", "off"]) { (address: String) async throws in
            let answer = try await get(address)
            #expect(answer.status == 200 && answer.header("RateLimit") == nil)
        }
        try await serving(["--rate-limit", "1/min", "--accounts", "off"]) { (address: String) async throws in
            for _ in 0..<5 { #expect(try await get(address).status == 200) }
        }
    }
}
