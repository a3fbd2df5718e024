package import Application
internal import Domain
internal import Synchronization

/// The HTTP API: its routes, the service that answers by them, and the document that describes them.
package struct API: Sendable {
    /// How the API shows itself.
    package struct Settings: Sendable {
        /// The program's version.
        package var version: String
        /// The origins whose pages may use the API; `*` is every one.
        package var allowedOrigins: [String]
        /// Whether the server speaks TLS itself.
        package var isEncrypted: Bool
        /// The proxies in front of the server that are believed.
        package var trustedProxies: TrustedProxies
        /// Brings text of bodies into Unicode's composed form (NFC).
        package var compose: @Sendable (String) -> String

        package init(
            version: String, allowedOrigins: [String] = [], isEncrypted: Bool = false,
            trustedProxies: TrustedProxies = TrustedProxies([]),
            compose: @escaping @Sendable (String) -> String = { $0 }
        ) {
            self.version = version
            self.allowedOrigins = allowedOrigins
            self.isEncrypted = isEncrypted
            self.trustedProxies = trustedProxies
            self.compose = compose
        }
    }

    /// All routes.
    package let routes: [Route]
    /// Answers requests; `service.handle` is what a server runs.
    package let service: Service
    private let document: CachedDocument

    /// The API over its use cases.
    ///
    /// - Parameters:
    ///   - accounts: What can be done for people; nil on a server that has no accounts.
    ///   - threats: Looks at requests for attacks; nil where nobody does.
    ///   - texts: Looks at what people write; nil where nobody does.
    ///   - observers: Are told of every request, such as an access log; `/metrics` counts them anyway.
    package init(
        _ capabilities: Capabilities, accounts: AccountCapabilities? = nil, settings: Settings,
        threats: ThreatScreen? = nil, texts: TextScreen? = nil, observers: [any RequestObserver] = []
    ) {
        let document = CachedDocument()
        let load = RequestLoad()
        let origins = settings.allowedOrigins
        routes =
            UploadRoutes(capabilities).all + TaskRoutes(capabilities).all
            + StreamRoutes(capabilities, allowedOrigins: origins).all + ClipRoutes(capabilities).all
            + JobRoutes(capabilities).all + WebhookRoutes(capabilities).all + CatalogRoutes(capabilities).all
            + HealthRoutes(capabilities).all + ComponentRoutes(capabilities).all + LogRoutes(capabilities).all
            + OverviewRoutes(
                capabilities, version: settings.version,
                document: { document.bytes }
            ).all + Self.guardRoutes(of: capabilities, load: load)
            + (capabilities.alerts.map { AlertRoutes($0, callers: capabilities.callers).all } ?? [])
            + (capabilities.configuration.map { ConfigurationRoutes($0, callers: capabilities.callers).all }
                ?? [])
            + (accounts.map { Self.routes(for: $0, of: capabilities) } ?? [])
        let signals = capabilities.signals
        let requestSignals = RequestSignals(signals: signals, routes: routes)
        load.tell(signals.metrics)
        if let threats { Self.tell(of: threats, signals.metrics) }
        texts?.tell(signals.metrics)
        document.make = { [routes] in
            OpenAPIDocument(
                title: "Cutroom", version: settings.version, doc: Self.doc, routes: routes,
                common: Self.commonProblems, changing: [.originNotAllowed, .storageFull],
                guarded: [.unauthenticated, .missingScope]
                    + (accounts == nil ? [] : [.csrfRefused, .originNotAllowed]),
                schemes: capabilities.authenticator.schemes, isLimited: capabilities.limiter != nil
            ).tree.encoded
        }
        self.document = document
        service = Service(
            routes: routes,
            edge: Self.edge(settings, capabilities, load: load, around: requestSignals.around),
            middleware: [Compression(of: routes)] + (threats.map { [$0] } ?? [])
                + [CrossOrigin(origins: origins)]
                + (accounts == nil ? [] : [CookiePrivacy()]),
            observers: [RouteMetrics(routes: routes, metrics: signals.metrics), requestSignals]
                + Self.guards(of: capabilities, routes: routes) + observers,
            security: SecurityFields(isEncrypted: settings.isEncrypted), compose: settings.compose,
            screen: texts?.screening, moment: Self.moment(of: capabilities),
            problem: { Problem(describing: $0, at: accounts?.clock.now()) })
    }

    /// The routes by which failures and abuse are looked at.
    private static func guardRoutes(of capabilities: Capabilities, load: RequestLoad) -> [Route] {
        let errors = capabilities.errors.map { ErrorRoutes($0, callers: capabilities.callers).all }
        let security = capabilities.security.map { can in
            SecurityRoutes(
                can, callers: capabilities.callers, authenticator: capabilities.authenticator,
                digest: capabilities.digest, load: { load.share }
            )
            .all + BanRoutes(can, callers: capabilities.callers).all
        }
        return (errors ?? []) + (security ?? [])
    }

    /// Those who are told of failures and abuse.
    private static func guards(of capabilities: Capabilities, routes: [Route]) -> [any RequestObserver] {
        var guards: [any RequestObserver] = []
        if let errors = capabilities.errors { guards.append(ErrorTally(errors.counters, routes: routes)) }
        if let security = capabilities.security { guards.append(SecurityObserver(security.watch)) }
        return guards
    }

    private static func moment(of capabilities: Capabilities) -> (@Sendable () -> String)? {
        guard let clock = capabilities.errors?.clock else { return nil }
        return { clock.now().rfc3339 }
    }

    private static func edge(
        _ settings: Settings, _ capabilities: Capabilities, load: RequestLoad,
        around: @escaping Service.Surrounding
    ) -> Service.Edge {
        var edge = Service.Edge()
        edge.around = around
        if !settings.trustedProxies.isEmpty { edge.forwarding = settings.trustedProxies.forwarding }
        edge.strangers = capabilities.limiter?.strangers
        edge.gate = capabilities.security?.bans.gate
        edge.load = load
        return edge
    }

    private static func tell(of threats: ThreatScreen, _ metrics: Metrics) {
        metrics.collect(.threats) {
            threats.counted.map { MetricSample([$0.family.rawValue], .count($0.count)) }
        }
    }

    private static func routes(for accounts: AccountCapabilities, of capabilities: Capabilities) -> [Route] {
        AuthRoutes(accounts, callers: capabilities.callers).all
            + ProfileRoutes(accounts, callers: capabilities.callers).all
            + KeyRoutes(accounts, callers: capabilities.callers).all
            + PersonalRoutes(
                accounts.personal, archiver: capabilities.archiver,
                templates: capabilities.catalog.templates.map(\.name), callers: capabilities.callers
            ).all
            + AdminRoutes.all(accounts.administration, callers: capabilities.callers)
    }

    /// The OpenAPI 3.1 document as JSON.
    package var openAPI: [UInt8] { document.bytes }

    private static let doc = """
        Clips from long videos. Hand in a file or an address, watch the task, fetch its clips. Wherever GET is \
        answered, so is HEAD; wherever anything is, OPTIONS tells what. Every refusal is application/problem+json \
        with a stable code.
        """

    /// The refusals that every route can answer.
    private static let commonProblems: [ProblemKind] = [
        .malformedRequest, .methodNotAllowed, .requestTimeout, .payloadTooLarge, .addressTooLong,
        .expectationFailed, .misdirected, .fieldsTooLarge, .internalError, .notImplemented,
        .overloaded, .versionNotSupported, .refused, .serviceUnavailable, .upstreamTimeout,
    ]
}

/// The document's bytes, made when they are first asked for, so that a start does not wait for them.
private final class CachedDocument: Sendable {
    private let state = Mutex<(bytes: [UInt8]?, make: @Sendable () -> [UInt8])>((nil, { [] }))

    var make: @Sendable () -> [UInt8] {
        get { state.withLock { $0.make } }
        set { state.withLock { $0 = (nil, newValue) } }
    }

    var bytes: [UInt8] {
        state.withLock { state in
            let bytes = state.bytes ?? state.make()
            state.bytes = bytes
            return bytes
        }
    }
}
