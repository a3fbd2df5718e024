import Application
import Domain
import Presentation
import Testing

@Suite("Who is told how well the parts are")
struct HealthDetailTests {
    @Test("with accounts strangers are told how well the whole is, and who is let in each part")
    func strangers() async throws {
        let world = try await Administration()
        for path in ["/health", "/health/ready"] {
            let stranger = try await world.fixture.send("GET", path)
            let member = try await world.fixture.send("GET", path, fields: world.ada)
            let expired = try await world.fixture.send("GET", path, fields: ["Authorization": "Bearer no"])
            #expect(stranger.status == 200 && member.status == 200 && expired.status == 200)
            #expect(stranger.json["status"] == member.json["status"])
            #expect(expired.json == stranger.json)
        }
        #expect(try await world.fixture.send("GET", "/health").json["components"] == [])
        #expect(
            try await world.fixture.send("GET", "/health", fields: world.ada).json["components"]?.elements?
                .isEmpty == false)
    }
}
