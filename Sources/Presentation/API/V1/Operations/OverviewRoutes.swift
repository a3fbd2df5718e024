internal import Application
internal import Domain

/// Saying what this is, how it is used and how much it does.
struct OverviewRoutes: Sendable {
    private let can: Capabilities
    private let version: String
    private let document: @Sendable () -> [UInt8]
    private let metrics: @Sendable (inout MetricsText) -> Void
    private let reader: HTTPResponse
    private let welcome: HTTPResponse

    init(
        _ capabilities: Capabilities, version: String, document: @escaping @Sendable () -> [UInt8],
        metrics: @escaping @Sendable (inout MetricsText) -> Void
    ) {
        can = capabilities
        self.version = version
        self.document = document
        self.metrics = metrics
        reader = DocsPage.reader.response(digest: capabilities.digest)
        welcome = DocsPage.welcome(version: version).response(digest: capabilities.digest)
    }

    var all: [Route] { [stats, metricsText, openAPI, docs, root] }

    private var stats: Route {
        Route(
            .get, "/api/v1/stats", for: can.callers(.tasksRead),
            Operation(
                "getStatistics", tag: "operations", "Tell how much is stored, and how the queue stands",
                responses: [.json(.ok, "The numbers.", StatisticsWire.output)])
        ) { _, caller in
            .json(.ok, StatisticsWire.output, try can.getStatistics(by: caller))
        }
    }

    private var metricsText: Route {
        Route(
            .get, "/metrics", for: can.callers(.admin),
            Operation(
                "getMetrics", tag: "operations", "Show metrics for Prometheus",
                responses: [
                    ResponseDeclaration(
                        .ok, "The text format, version 0.0.4.",
                        [BodyDeclaration.Content("text/plain", .string())])
                ])
        ) { _, caller in
            var text = MetricsText()
            metrics(&text)
            StatisticsWire.write(try can.getStatistics.ofServer(by: caller), to: &text)
            UpstreamWire.write(try can.listUpstreams(by: caller), to: &text)
            if let count = can.undeliveredMail?() {
                text.family(
                    "cutroom_mail_undelivered_total", "counter", "Letters that no mail server has taken.")
                text.sample("cutroom_mail_undelivered_total", "", Double(count))
            }
            return HTTPResponse(.ok, text: text.text, type: MetricsText.mediaType)
        }
    }

    private var openAPI: Route {
        Route(
            .get, "/openapi.json", for: .open,
            Operation(
                "getOpenAPI", tag: "operations", "Show this document",
                responses: [
                    ResponseDeclaration(
                        .ok, "An OpenAPI 3.1 document.",
                        [
                            BodyDeclaration.Content(
                                "application/json",
                                OpenAPIDocument.schema(isSecured: !can.authenticator.schemes.isEmpty))
                        ])
                ])
        ) { _, _ in
            HTTPResponse(.ok, document(), type: "application/json")
        }
    }

    private var docs: Route {
        Route(
            .get, "/docs", for: .open,
            Operation(
                "getDocs", tag: "operations", "Show this document in a browser",
                responses: [
                    ResponseDeclaration(.ok, "A page.", [BodyDeclaration.Content("text/html", .string())])
                ])
        ) { _, _ in
            reader
        }
    }

    private var root: Route {
        Route(
            .get, "/", for: .open,
            Operation(
                "getRoot", tag: "operations", "Say what this is",
                responses: [
                    ResponseDeclaration(
                        .ok, "Its name, its version and where its documentation is.",
                        [
                            BodyDeclaration.Content("application/json", OverviewWire.root.schema),
                            BodyDeclaration.Content("text/html", .string()),
                        ])
                ])
        ) { call, _ in
            let accept = call.request.fields["Accept"]
            func quality(_ type: String) -> Int { MediaType(type)?.quality(in: accept) ?? 0 }
            if quality("text/html") > quality("application/json") {
                return welcome
            }
            return .json(.ok, OverviewWire.root, version)
        }
    }
}

/// How the overview stands on the wire.
enum OverviewWire {
    static let root = JSONOutput<String>.object(
        "Root", "What this is.",
        [
            JSONField("name", .text, "Its name.", example: "Cutroom") { _ in "Cutroom" },
            JSONField("description", .text, "What it does.") { _ in "Makes captioned clips from long videos."
            },
            JSONField("version", .text, "Its version.", example: "0.1.0") { $0 },
            JSONField("api", .address, "Where the API begins.") { _ in "/api/v1" },
            JSONField("docs", .address, "Where it is explained.") { _ in "/docs" },
            JSONField("openapi", .address, "Where it is described for programs.") { _ in "/openapi.json" },
            JSONField("health", .address, "Where it tells how well it is.") { _ in "/health" },
        ])
}
