import Presentation

/// Words a refusal the way the tests read it: the code is the body.
let plainRefusal: HTTPRefusal = { status, code, _ in HTTPResponse(status, text: code) }

/// The same for what comes to no handler.
let plainRejection: HTTPRejection = { _, status, code, _ in HTTPResponse(status, text: code) }

extension HTTPServerConfiguration {
    /// A server on a free port that gives up on nobody and says nothing by itself: what a test does not ask for
    /// must not come because the machine is slow.
    static var patient: HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.threads = 2
        configuration.headDeadline = .seconds(60)
        configuration.idleDeadline = .seconds(60)
        configuration.bodyWindow = .seconds(60)
        configuration.heartbeat = .seconds(600)
        return configuration
    }
}

/// Runs a server on a free port for the length of `body`.
func withServer<Value>(
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler,
    _ body: (_ port: Int) async throws -> Value
) async throws -> Value {
    var configuration = HTTPServerConfiguration.patient
    configure(&configuration)
    let server = HTTPServer(configuration, refuse: plainRejection, handler: handler)
    let port = try server.start()
    do {
        let value = try await body(port)
        await server.stop(within: .seconds(5))
        return value
    } catch {
        await server.stop(within: .zero)
        throw error
    }
}
