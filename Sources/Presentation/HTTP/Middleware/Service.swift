internal import CLinux
internal import Synchronization

/// Answers requests by routes, behind middleware.
package struct Service: Sendable {
    /// The routes, in the order in which exchanges and metrics count them.
    package let routes: [Route]
    private let tree: PathTree<Resource>
    private let handlers: [RouteHandler]
    private let middleware: [any Middleware]
    private let observers: [any RequestObserver]
    private let edge: Edge
    private let problem: @Sendable (any Error) -> Problem
    private let security: SecurityFields
    private let compose: @Sendable (String) -> String
    private let screen: TextScreening?
    private let entropy: Entropy
    private let moment: (@Sendable () -> String)?

    /// Answers a request by the closure that it is handed, with something before and after.
    package typealias Surrounding =
        @Sendable (_ exchange: Exchange, _ answer: () async -> HTTPResponse) async -> HTTPResponse

    /// What stands between the service and strangers; nothing by default.
    package struct Edge: Sendable {
        /// Reads what a trusted proxy says about a request; nil where none is trusted.
        package var forwarding: (@Sendable (HTTPRequest) -> Forwarding?)?
        /// Counts requests for which nobody in particular stands; nil where they are not counted.
        package var strangers: StrangerLimit?
        /// Refuses who is banned, before anything else is done; nil where nobody can be.
        package var gate: (@Sendable (Exchange) -> Problem?)?
        /// Bounds how many requests are in flight; nil where nothing does.
        package var load: (any LoadBound)?
        /// What is done around the answering of each request; nil for nothing.
        package var around: Surrounding?

        package init() {}
    }

    /// What stands under one path.
    private struct Resource: Sendable {
        var routes: [(method: HTTPMethod, index: Int)] = []
        var allow = ""

        func route(for method: HTTPMethod?) -> Int? {
            let served: HTTPMethod? = method == .head ? .get : method
            return routes.first { $0.method == served }?.index
        }

        mutating func add(_ method: HTTPMethod, _ index: Int) {
            routes.append((method, index))
            var methods = routes.map(\.method.rawValue)
            if methods.contains("GET") { methods.append("HEAD") }
            allow = (methods + ["OPTIONS"]).sorted().joined(separator: ", ")
        }
    }

    /// - Parameters:
    ///   - edge: What is asked about each request before it is answered.
    ///   - middleware: Passed in order on the way in and in reverse on the way out.
    ///   - security: What every answer asks of browsers.
    ///   - compose: Brings text of bodies into Unicode's composed form (NFC).
    ///   - screen: Looks at what people wrote; nil where nobody does.
    ///   - moment: The present moment as RFC 3339 has it, for refusals; nil where nobody knows.
    ///   - problem: Turns whatever a handler throws into a refusal.
    package init(
        routes: [Route], edge: Edge = Edge(), middleware: [any Middleware] = [],
        observers: [any RequestObserver] = [], security: SecurityFields = SecurityFields(),
        compose: @escaping @Sendable (String) -> String = { $0 }, screen: TextScreening? = nil,
        moment: (@Sendable () -> String)? = nil,
        problem: @escaping @Sendable (any Error) -> Problem
    ) {
        self.routes = routes
        handlers = routes.map(RouteHandler.init)
        self.middleware = middleware
        self.observers = observers
        self.edge = edge
        self.security = security
        self.compose = compose
        self.screen = screen
        self.problem = problem
        self.moment = moment
        entropy = Entropy()
        var tree = PathTree<Resource>()
        for (index, route) in routes.enumerated() {
            tree.update(route.path) { resource in
                resource = resource ?? Resource()
                resource?.add(route.method, index)
            }
        }
        self.tree = tree
    }

    /// Answers a request; every failure is an answer too.
    ///
    /// What an asynchronous function holds while it waits is allocated for each request. So everything but the wait
    /// for the handler is done by functions that are none.
    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        let exchange = begin(request)
        guard let around = edge.around else { return await respond(to: exchange) }
        return await around(exchange) { await respond(to: exchange) }
    }

    private func respond(to exchange: Exchange) async -> HTTPResponse {
        do {
            switch try receive(exchange) {
            case .answered(let response):
                return finish(response, of: exchange)
            case .routed(let call, let handler):
                return finish(try await answer(call, by: handler), of: exchange)
            }
        } catch {
            return refuse(exchange, for: error)
        }
    }

    /// What becomes of a request before its handler is asked.
    private enum Reception {
        case answered(HTTPResponse)
        case routed(Call, RouteHandler)
    }

    /// Begins with a request, and with what a trusted proxy says about it.
    private func begin(_ request: HTTPRequest) -> Exchange {
        let request = edge.forwarding.map { request.with($0(request)) } ?? request
        return Exchange(request, random: entropy.next)
    }

    private func refuse(_ exchange: Exchange, for failure: any Error) -> HTTPResponse {
        finish(HTTPResponse(refusing: problem(failure)), of: exchange, failure: failure)
    }

    /// Gives an answer what every one has, whoever made it, and tells the observers.
    private func finish(
        _ response: HTTPResponse, of exchange: Exchange, failure: (any Error)? = nil
    ) -> HTTPResponse {
        var response = response
        if let refusal = response.refusal { response.body = .bytes(document(of: refusal, exchange)) }
        response.fields.append("X-Request-Id", exchange.requestID)
        response.fields.append("X-Process-Time", Self.seconds(since: exchange.startedAt))
        if exchange.trace.isContinued { response.fields.append("traceparent", exchange.trace.traceparent) }
        security.add(to: &response)
        exchange.rateLimit?.write(to: &response.fields)
        for middleware in middleware.reversed() { middleware.send(&response, for: exchange) }
        if !observers.isEmpty {
            let duration = ContinuousClock.now - exchange.startedAt
            for observer in observers {
                observer.answered(exchange, response, failure: failure, after: duration)
            }
        }
        return response
    }

    /// A length of time in seconds with six decimals.
    private static func seconds(since start: ContinuousClock.Instant) -> String {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        let micros = 1_000_000 + attoseconds / 1_000_000_000_000
        return "\(seconds)." + String(micros).dropFirst()
    }

    /// The words of a refusal, once it is known what was asked for.
    private func document(of refusal: Refusal, _ exchange: Exchange) -> [UInt8] {
        ProblemDocument.output.encode(
            ProblemDocument(
                problem: refusal.problem, instance: exchange.request.path, traceID: exchange.trace.traceID,
                requestID: exchange.requestID, operation: exchange.route.map { routes[$0].operation.id },
                moment: moment?()))
    }

    private func receive(_ exchange: Exchange) throws(Problem) -> Reception {
        if let problem = edge.gate?(exchange) { throw problem }
        for middleware in middleware {
            do throws(Problem) {
                if let response = try middleware.receive(exchange) { return .answered(response) }
            } catch {
                // Before it is known who asks: it counts on the address.
                try countStranger(exchange, at: .ordinary)
                throw error
            }
        }
        let request = exchange.request
        guard let (resource, arguments) = tree.find(request.path) else {
            try countStranger(exchange, at: .ordinary)
            throw Problem(.notFound, "There is nothing under this address; /docs shows what there is.")
        }
        guard let index = resource.route(for: request.method) else {
            try countStranger(exchange, at: .ordinary)
            if request.method == .options {
                return .answered(HTTPResponse(.noContent, fields: ["Allow": resource.allow]))
            }
            throw Problem(
                .methodNotAllowed, "Here one can use \(resource.allow).",
                fields: [("Allow", resource.allow)])
        }
        exchange.route = index
        let handler = handlers[index]
        if handler.access == .open { try countStranger(exchange, at: handler.pace) }
        return .routed(
            Call(
                exchange, template: handler.path, arguments: arguments, compose: compose, screen: screen),
            handler)
    }

    private func countStranger(_ exchange: Exchange, at pace: Pace) throws(Problem) {
        if let state = edge.strangers?(exchange.request, pace) { try exchange.note(state) }
    }

    /// Answers a call as one of those that are in flight.
    private func answer(_ call: Call, by handler: RouteHandler) async throws -> HTTPResponse {
        let demand = handler.demand(of: call.request)
        try edge.load?.enter(demand)
        // Reads wait for nobody, and are spared the question.
        let thread = demand == .read ? 0 : linux_thread_id()
        let response: HTTPResponse
        do {
            response = try await handler.handle(call)
        } catch {
            edge.load?.leave(demand, after: nil)
            throw error
        }
        // The thread on which a request came does nothing else while it answers; so what ends on another one
        // has waited for something. What is refused may not have waited for all that is there to wait for.
        let hasWaited = thread != 0 && response.status.code < 400 && linux_thread_id() != thread
        edge.load?.leave(demand, after: hasWaited ? .now - call.startedAt : nil)
        try handler.check(response, for: call.request)
        return response
    }
}

extension Service {
    /// Words what the server refuses before it comes here; for all else it is a request like any other.
    package var refusal: HTTPRejection {
        { request, status, code, detail in
            let exchange = begin(request)
            return finish(HTTPResponse(refusing: Problem(.of(code, status), detail)), of: exchange)
        }
    }
}

/// Random bits that need not be secret, without a system call for each: SplitMix64 from a random start.
private final class Entropy: Sendable {
    private let state = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    func next() -> UInt64 {
        var bits = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}

/// What of a route is needed to answer by it.
private final class RouteHandler: Sendable {
    let path: PathTemplate
    let access: AccessDeclaration
    let pace: Pace
    let handle: @Sendable (Call) async throws -> HTTPResponse
    private let demand: Demand
    private let negotiation: Negotiation

    init(_ route: Route) {
        path = route.path
        access = route.access
        pace = route.pace
        demand = route.demand
        handle = route.handle
        negotiation = Negotiation(route.operation, body: route.body)
    }

    /// What a request asks of the server; one whose body is still to come is a transfer, whatever it is.
    func demand(of request: HTTPRequest) -> Demand {
        demand == .change && !request.body.isComplete ? .transfer : demand
    }

    /// Refuses an answer of a type that the client does not accept, where only the handler knew which it would be.
    func check(_ response: HTTPResponse, for request: HTTPRequest) throws(Problem) {
        try negotiation.check(response, for: request)
    }
}
