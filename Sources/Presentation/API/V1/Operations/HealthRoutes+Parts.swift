internal import Application
internal import Domain

/// The parts, one by one and together.
extension HealthRoutes {
    private static let part = name("name", "A part.", example: "store")

    private func part(_ name: ComponentName, in report: HealthReport, for viewer: HealthViewer) throws
        -> PartHealth?
    {
        // Who sees no parts is not told which there are.
        guard viewer.seesDetails else { return nil }
        guard let part = report[name.text] else {
            throw Problem(.notFound, "There is no part of that name.")
        }
        return part
    }

    var service: Route {
        Route(
            .get, "/health/service/{name}", for: can.healthViewers,
            Operation(
                "getServiceHealth", tag: "health", "Tell how well a part is",
                responses: tellings("How it is.", HealthWire.service)),
            Self.part
        ) { _, viewer, name in
            let report = health.monitor.report()
            guard let part = try part(name, in: report, for: viewer) else {
                return .uncached(words(of: report), HealthWire.words, report)
            }
            return tell(
                viewer, part.level.allowsWork ? .ok : .serviceUnavailable, report, HealthWire.service, part)
        }
    }

    var services: Route {
        Route(
            .get, "/health/services", for: can.healthViewers,
            Operation(
                "getServicesHealth", tag: "health", "Tell how well all parts are",
                responses: tellings("How they are.", HealthWire.services))
        ) { _, viewer in
            let report = health.monitor.report()
            return tell(viewer, .ok, report, HealthWire.services, report)
        }
    }

    var metrics: Route {
        Route(
            .get, "/health/metrics", for: can.healthViewers,
            Operation(
                "getHealthMetrics", tag: "health", "Show what looking at the parts has measured",
                responses: tellings("The numbers.", HealthWire.metrics))
        ) { _, viewer in
            let report = health.monitor.report()
            let numbers = HealthNumbers(report: report, activity: health.monitor.activity)
            return tell(viewer, .ok, report, HealthWire.metrics, numbers)
        }
    }

    var predictive: Route {
        Route(
            .get, "/health/predictive", for: can.healthViewers,
            Operation(
                "getHealthForecasts", tag: "health", "Tell where the numbers of the parts are going",
                responses: tellings("The forecasts.", ForecastWire.output))
        ) { _, viewer in
            tell(viewer, .ok, health.monitor.report(), ForecastWire.output, health.forecasts.current())
        }
    }

    var cache: Route {
        Route(
            .get, "/health/cache/{name}", for: can.healthViewers,
            Operation(
                "getCachedHealth", tag: "health", "Show what was found last about a part",
                responses: tellings("What was found.", HealthWire.cached)),
            Self.part
        ) { _, viewer, name in
            let report = health.monitor.report()
            guard let part = try part(name, in: report, for: viewer) else {
                return .uncached(words(of: report), HealthWire.words, report)
            }
            return tell(viewer, .ok, report, HealthWire.cached, part)
        }
    }

    var dependencies: Route {
        Route(
            .get, "/health/dependencies/{name}", for: can.healthViewers,
            Operation(
                "getHealthDependencies", tag: "health", "Tell how well that is which a part needs",
                responses: tellings("How it is.", HealthWire.dependencies)),
            Self.part
        ) { _, viewer, name in
            let report = health.monitor.report()
            guard let part = try part(name, in: report, for: viewer) else {
                return .uncached(words(of: report), HealthWire.words, report)
            }
            return tell(
                viewer, .ok, report, HealthWire.dependencies, PartNeeds(of: part, in: report))
        }
    }

    var status: Route {
        Route(
            .get, "/health/status", for: can.healthViewers,
            Operation(
                "getHealthMonitoring", tag: "health", "Tell how the monitor itself is doing",
                responses: tellings("How it is doing.", MonitoringWire.status))
        ) { _, viewer in
            let report = health.monitor.report()
            return tell(
                viewer, .ok, report, MonitoringWire.status,
                MonitoringState(
                    report: report, activity: health.monitor.activity, pace: health.pace,
                    foretells: !(health.forecasts is NoForecasts)))
        }
    }

    private func words(of report: HealthReport) -> HTTPStatus {
        report.level.allowsWork ? .ok : .serviceUnavailable
    }
}
