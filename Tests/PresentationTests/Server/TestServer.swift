import Presentation

/// Words a refusal the way the tests read it: the code is the body.
let plainRefusal: HTTPRefusal = { status, code, _ in HTTPResponse(status, text: code) }

/// Runs a server on a free port for the length of `body`.
func withServer<Value>(
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, handler: @escaping HTTPHandler,
    _ body: (_ port: Int) async throws -> Value
) async throws -> Value {
    var configuration = HTTPServerConfiguration()
    configuration.port = 0
    configuration.threads = 2
    configure(&configuration)
    let server = HTTPServer(configuration, refuse: plainRefusal, handler: handler)
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
