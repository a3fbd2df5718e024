internal import Synchronization

/// Answers requests by routes, behind middleware.
package struct Service: Sendable {
    /// The routes, in the order in which exchanges and metrics count them.
    package let routes: [Route]
    private let tree: PathTree<Resource>
    private let handlers: [RouteHandler]
    private let middleware: [any Middleware]
    private let observers: [any RequestObserver]
    private let problem: @Sendable (any Error) -> Problem
    private let entropy: Entropy

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
    ///   - middleware: Passed in order on the way in and in reverse on the way out.
    ///   - problem: Turns whatever a handler throws into a refusal.
    package init(
        routes: [Route], middleware: [any Middleware] = [], observers: [any RequestObserver] = [],
        problem: @escaping @Sendable (any Error) -> Problem
    ) {
        self.routes = routes
        handlers = routes.map(RouteHandler.init)
        self.middleware = middleware
        self.observers = observers
        self.problem = problem
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
    package func handle(_ request: HTTPRequest) async -> HTTPResponse {
        var exchange = Exchange(request, random: entropy.next)
        let response: HTTPResponse
        var failure: (any Error)?
        do {
            response = try await answer(&exchange)
        } catch {
            failure = error
            response = problem(error).response(instance: request.path, traceID: exchange.trace.traceID)
        }
        return finish(response, of: exchange, failure: failure)
    }

    /// Gives an answer what every one has, whoever made it, and tells the observers.
    private func finish(
        _ response: HTTPResponse, of exchange: Exchange, failure: (any Error)? = nil
    ) -> HTTPResponse {
        var response = response
        response.fields.append("X-Request-Id", exchange.requestID)
        if exchange.trace.isContinued { response.fields.append("traceparent", exchange.trace.traceparent) }
        response.fields.append("X-Content-Type-Options", "nosniff")
        for middleware in middleware.reversed() { middleware.send(&response, for: exchange) }
        if !observers.isEmpty {
            let duration = ContinuousClock.now - exchange.startedAt
            for observer in observers {
                observer.answered(exchange, response, failure: failure, after: duration)
            }
        }
        return response
    }

    private func answer(_ exchange: inout Exchange) async throws -> HTTPResponse {
        for middleware in middleware {
            if let response = try middleware.receive(exchange) { return response }
        }
        let request = exchange.request
        guard let (resource, arguments) = tree.find(request.path) else {
            throw Problem(.notFound, "There is nothing under this address; /docs shows what there is.")
        }
        guard let index = resource.route(for: request.method) else {
            if request.method == .options {
                return HTTPResponse(.noContent, fields: ["Allow": resource.allow])
            }
            throw Problem(
                .methodNotAllowed, "Here one can use \(resource.allow).",
                fields: [("Allow", resource.allow)])
        }
        exchange.route = index
        let handler = handlers[index]
        let response = try await handler.handle(
            Call(request, trace: exchange.trace, template: handler.path, arguments: arguments))
        try handler.check(response, for: request)
        return response
    }
}

extension Service {
    /// Words what the server refuses before it comes here; for all else it is a request like any other.
    package var refusal: HTTPRejection {
        { request, status, code, detail in
            let exchange = Exchange(request, random: entropy.next)
            let problem = Problem(.of(code, status), detail)
            return finish(
                problem.response(instance: request.path, traceID: exchange.trace.traceID), of: exchange)
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
    let handle: @Sendable (Call) async throws -> HTTPResponse
    private let negotiation: Negotiation

    init(_ route: Route) {
        path = route.path
        handle = route.handle
        negotiation = Negotiation(route.operation, body: route.body)
    }

    /// Refuses an answer of a type that the client does not accept, where only the handler knew which it would be.
    func check(_ response: HTTPResponse, for request: HTTPRequest) throws(Problem) {
        try negotiation.check(response, for: request)
    }
}
