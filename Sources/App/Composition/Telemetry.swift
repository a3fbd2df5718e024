import Application
import Domain
import Glibc
import Infrastructure
import Presentation

/// By what one process tells of itself: its log, its metrics and its traces.
struct Telemetry: Sendable {
    /// How long the last spans may take to be sent when the process ends.
    private static let farewell = Duration.seconds(3)

    let identifiers: IdentifierMaker
    let loggers: Loggers
    let ring = LogRing()
    let signals: Signals
    private let exporter: OTLPExporter?

    /// What the settings ask for; files and traces for services alone.
    ///
    /// - Throws: ``CommandFailure`` when the file of the log cannot be written.
    init(_ invocation: Invocation) throws(CommandFailure) {
        let (clock, random) = (SystemClock(), SystemRandomSource())
        identifiers = IdentifierMaker(clock: clock, random: random)
        let configuration = invocation.configuration
        let metrics = Metrics()
        var sinks: [any LogSink] = [
            LineSink(format: LineFormat(invocation), descriptor: invocation.errors.descriptor), ring,
        ]
        if invocation.command.isService, let path = configuration[Settings.logFile] {
            sinks.append(try LogFile(path, configuration, clock: clock))
        }
        loggers = Loggers(invocation.logLevel, clock: clock, metrics: metrics, sinks: sinks)
        ProcessMetrics.tell(metrics, version: Program.version)
        let standard = invocation.environment["OTEL_EXPORTER_OTLP_ENDPOINT"].flatMap {
            try? Settings.collector.key.read([$0])
        }
        guard invocation.command.isService, let endpoint = configuration[Settings.collector] ?? standard
        else {
            signals = Signals(metrics: metrics)
            exporter = nil
            return
        }
        let process: Identifier<Telemetry> = identifiers.make()
        let exporter = OTLPExporter(
            .init(endpoint: endpoint, version: Program.version, instance: process.description),
            client: HTTPClient(), clock: clock, log: loggers.named("traces"), metrics: metrics)
        self.exporter = exporter
        signals = Signals(
            metrics: metrics,
            tracer: Tracer(
                share: configuration[Settings.traceShare], random: random, now: SystemClock.nanoseconds,
                sink: exporter))
    }

    /// Whether there is a collector that traces are sent to.
    var sendsTraces: Bool { exporter != nil }

    /// Sends traces until the task is cancelled; at once done where nobody wants them.
    func run() async {
        await exporter?.run()
    }

    /// Sends what is left.
    func finish() async {
        await exporter?.finish(within: Self.farewell)
    }
}

extension LineFormat {
    /// How lines look on standard error.
    init(_ invocation: Invocation) {
        self = Self(
            invocation.configuration[Settings.logFormat], isForPeople: invocation.errors.isInteractive)
    }

    fileprivate init(_ format: Settings.LogFormat, isForPeople: Bool) {
        self =
            switch format {
            case .auto: isForPeople ? .simple : .json
            case .text, .simple: .simple
            case .detailed: .detailed
            case .json: .json
            }
    }
}

extension LogFile {
    fileprivate convenience init(_ path: String, _ configuration: Configuration, clock: any WallClock)
        throws(CommandFailure)
    {
        do throws(Failure) {
            try self.init(
                path, format: LineFormat(configuration[Settings.logFormat], isForPeople: false),
                limits: Limits(
                    size: configuration[Settings.logMaxSize], files: configuration[Settings.logMaxFiles],
                    age: .seconds(configuration[Settings.logMaxAge])), clock: clock)
        } catch {
            switch error {
            case .taken:
                throw CommandFailure(
                    line: "\(path) is written by another process; each needs a log_file of its own",
                    status: .wrongUsage)
            case .refused(_, let number):
                throw CommandFailure(
                    line: "log_file \(path) cannot be written: \(String(cString: strerror(number)))",
                    status: .wrongUsage)
            }
        }
    }
}
