import Application
import Presentation
import Synchronization
import Testing

@Suite("More requests than can be served")
struct RequestLoadTests {
    /// A load with that many changes in flight.
    private func load(of count: Int) throws -> RequestLoad {
        let load = RequestLoad()
        for _ in 0..<count { try load.enter(.change) }
        return load
    }

    private func isLetIn(_ demand: Demand, by load: RequestLoad) -> Bool {
        do throws(Problem) {
            try load.enter(demand)
            load.leave(demand, after: nil)
            return true
        } catch {
            return false
        }
    }

    @Test(
        "O46: strangers are refused first, then changes, then reads; health never",
        arguments: [(19, "vrctge"), (20, "vrct"), (79, "vrct"), (80, "vr")])
    func order(inFlight: Int, letIn: String) throws {
        let load = try load(of: inFlight)
        let demands: [(String, Demand)] = [
            ("v", .vital), ("r", .read), ("c", .change), ("t", .transfer), ("g", .guest), ("e", .entrance),
        ]
        #expect(demands.filter { isLetIn($0.1, by: load) }.map(\.0).joined() == letIn)
    }

    @Test("O46: reads are refused at eight times the limit, and come in again when others have left")
    func reads() throws {
        let load = RequestLoad()
        for _ in 0..<160 { try load.enter(.read) }
        #expect(!isLetIn(.read, by: load) && isLetIn(.vital, by: load))
        load.leave(.read, after: nil)
        #expect(isLetIn(.read, by: load))
    }

    @Test("O46: uploads and those whose password is looked at take nobody's place")
    func uncounted() throws {
        let load = RequestLoad()
        for _ in 0..<1000 {
            try load.enter(.transfer)
            try load.enter(.entrance)
            try load.enter(.vital)
        }
        #expect(isLetIn(.guest, by: load))
        load.leave(.transfer, after: .seconds(600))
        load.leave(.entrance, after: .seconds(1))
        let metrics = Metrics()
        load.tell(metrics)
        #expect(metrics.snapshot().points(named: "cutroom_http_requests_in_flight").map(\.value) == [0])
        #expect(metrics.snapshot().points(named: "cutroom_http_requests_limit").map(\.value) == [20])
    }

    @Test("O46: the limit grows with steady round trips and falls when they take longer")
    func learning() throws {
        let load = try load(of: 25)
        #expect(!isLetIn(.guest, by: load))
        for _ in 0..<200 {
            try load.enter(.change)
            load.leave(.change, after: .milliseconds(2))
        }
        #expect(isLetIn(.guest, by: load))
        for _ in 0..<200 {
            try load.enter(.change)
            load.leave(.change, after: .seconds(2))
        }
        #expect(!isLetIn(.guest, by: load))
    }

    // MARK: In a service

    /// Counts who is in, and lets in whom it is told to.
    private final class Turnstile: LoadBound {
        let inside = Mutex<[Demand]>([])
        let refused: [Demand]

        init(refusing refused: [Demand] = []) {
            self.refused = refused
        }

        func enter(_ demand: Demand) throws(Problem) {
            if refused.contains(demand) { throw Problem(.overloaded, "Too much.") }
            inside.withLock { $0.append(demand) }
        }

        func leave(_ demand: Demand, after roundTrip: Duration?) {
            inside.withLock { inside in _ = inside.firstIndex(of: demand).map { inside.remove(at: $0) } }
        }
    }

    private struct Unexpected: Error {}

    private func service(_ load: some LoadBound, failing: Bool = false) -> Service {
        let operation = Presentation.Operation(
            "o", tag: "test", "o", responses: [ResponseDeclaration(.ok, "Fine.")])
        let known = Access<Int>("things") { _ in 7 }
        let handle: @Sendable () throws -> HTTPResponse = {
            if failing { throw Unexpected() }
            return HTTPResponse(.ok)
        }
        var edge = Service.Edge()
        edge.load = load
        let form = BodyDeclaration(
            "A form.", [BodyDeclaration.Content("multipart/form-data", .string())], isTypeChecked: false)
        return Service(
            routes: [
                Route(.get, "/health", for: .open(at: .unlimited), operation) { _, _ in try handle() },
                Route(.get, "/open", for: .open, operation) { _, _ in try handle() },
                Route(.post, "/login", for: .open(at: .entrance), operation) { _, _ in try handle() },
                Route(.get, "/thing", for: known, operation) { _, _ in try handle() },
                Route(.delete, "/thing", for: known, operation) { _, _ in try handle() },
                Route(.post, "/files", for: known, operation, body: form) { _, _ in try handle() },
            ], edge: edge,
            problem: { ($0 as? Problem) ?? Problem(.internalError, "") })
    }

    private static let requests: [(String, String, Demand)] = [
        ("GET", "/health", .vital), ("GET", "/open", .guest), ("POST", "/login", .entrance),
        ("GET", "/thing", .read), ("HEAD", "/thing", .read), ("DELETE", "/thing", .change),
        ("POST", "/files", .transfer),
    ]

    @Test("O46: each route is refused as what it asks of the server", arguments: requests)
    func demands(method: String, path: String, demand: Demand) async {
        let refusing = service(Turnstile(refusing: [demand]))
        #expect(await refusing.handle(HTTPRequest(method, path: path)).status == 503)
        let others: [Demand] = [.vital, .guest, .entrance, .read, .change, .transfer].filter { $0 != demand }
        #expect(
            await service(Turnstile(refusing: others)).handle(HTTPRequest(method, path: path)).status == 200)
    }

    @Test("O46: whoever is let in leaves, however the request ends", arguments: [true, false])
    func leaving(failing: Bool) async {
        let turnstile = Turnstile()
        let service = service(turnstile, failing: failing)
        for (method, path, _) in Self.requests {
            let status = await service.handle(HTTPRequest(method, path: path)).status
            #expect(status == (failing ? 500 : 200))
        }
        #expect(turnstile.inside.withLock { $0.isEmpty })
    }

    @Test("O46: who is refused is told when to come again")
    func retryAfter() async throws {
        let load = try load(of: 80)
        let service = service(load)
        for (method, path, demand) in Self.requests {
            let response = await service.handle(HTTPRequest(method, path: path))
            let isLetIn = demand == .vital || demand == .read
            #expect(response.status == (isLetIn ? 200 : 503), "\(method) \(path)")
            #expect(response.fields["Retry-After"] == (isLetIn ? nil : "1"))
        }
    }

    @Test("O46: one whose body is still to come takes nobody's place")
    func slowBody() async {
        let turnstile = Turnstile(refusing: [.change])
        let body = RequestBody(declaredLength: 3) {}
        let response = await service(turnstile).handle(HTTPRequest("DELETE", path: "/thing", body: body))
        #expect(response.status == 200)
    }
}
