import Presentation
import Testing

@Suite("More clients than the server takes")
struct CrowdTests {
    @Test("one client too many is told so, and whoever waits behind it comes in as soon as another leaves")
    func surplus() async throws {
        try await withServer {
            $0.maximumConnections = 16
            $0.surplusConnections = 1
            // Nobody comes in because time has passed.
            $0.tick = .seconds(600)
        } handler: { _ in
            HTTPResponse(.ok, text: "served")
        } _: { port in
            try await offPool {
                var served = try (0..<16).map { _ in
                    let client = try RawClient(port: port)
                    #expect(try client.get("/").text == "served")
                    return client
                }
                let surplus = try RawClient(port: port)
                // It keeps its place until it asks for something.
                let waiting = try RawClient(port: port)
                try waiting.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let told = try surplus.get("/")
                #expect(told.status == 503 && told.text == "overloaded")
                #expect(told.fields["retry-after"] == "1")
                #expect(told.fields["connection"]?.lowercased() == "close")
                #expect(try waiting.response().status == 503)
                served.removeLast()
                // The server hears of it on its own threads.
                var status = 503
                while status == 503 {
                    let client = try RawClient(port: port)
                    status = try client.get("/").status
                }
                #expect(status == 200)
            }
        }
    }

    @Test("clients that still send what was refused give their places free when they go")
    func lingering() async throws {
        try await withServer {
            $0.maximumConnections = 16
            $0.surplusConnections = 1
            $0.maximumBody = 10
            $0.tick = .seconds(600)
            $0.lingering = .seconds(600)
        } handler: { _ in
            HTTPResponse(.ok, text: "served")
        } _: { port in
            try await offPool {
                var refused = try (0..<17).map { _ in
                    let client = try RawClient(port: port)
                    try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
                    #expect(try client.response().status == 413)
                    return client
                }
                let late = try RawClient(port: port)
                try late.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                refused.removeAll()
                #expect(try late.response().text == "served")
            }
        }
    }

    /// libmicrohttpd 0.9.75 never unlocks a worker that has reached its own limit of connections.
    @Test("a crowd that comes and goes at the limit is served, and the server can be stopped afterwards")
    func comingAndGoing() async throws {
        try await withServer {
            $0.threads = 8
            $0.maximumConnections = 16
            $0.surplusConnections = 1
        } handler: { _ in
            HTTPResponse(.ok, text: "served")
        } _: { port in
            try await withThrowingTaskGroup { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await offPool {
                            for _ in 0..<100 {
                                let status = try RawClient(port: port).get("/").status
                                #expect(status == 200 || status == 503)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
