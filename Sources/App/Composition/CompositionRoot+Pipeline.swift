import Application
import Domain
import Infrastructure

extension CompositionRoot {
    /// What takes tasks through their stages.
    func pipeline() throws -> RunVideoTask.Ports {
        let client = HTTPClient()
        let cache = try FileCache(
            folder: data.cache, lifetime: .seconds(30 * 24 * 3600), mostBytes: 512 << 20, clock: clock)
        cache.tell(telemetry.signals.metrics)
        return RunVideoTask.Ports(
            media: media, inspector: FFprobeInspector(), fetcher: fetcher(client),
            audio: FFmpegAudioExtractor(), transcribers: try transcribers(client),
            pictures: FFmpegPictureAnalyzer(), finders: finders(client),
            renderer: FFmpegClipRenderer(store: media, templates: catalog.templates, budget: budget),
            cache: cache)
    }

    /// A worker that takes the jobs of some queues, in this process.
    func worker(
        _ pipeline: RunVideoTask.Ports, queues: [String] = [Job.ordinaryQueue], concurrency: Int
    ) throws -> JobWorker {
        let run = RunVideoTask(
            store: store, ports: pipeline, feed: feed, identifiers: identifiers, clock: clock,
            limitSeconds: configuration[Settings.sourceDurationLimit], rendersAtOnce: budget.clipsAtOnce)
        return JobWorker(
            owner: identifiers.make(),
            handlers: observed(
                [run, RemoveBelongings(store: store, media: media, cache: pipeline.cache, feed: feed)]
                    + (try letterCarriers())),
            followers: followers,
            ports: JobWorker.Ports(
                store: store, owners: owners, pacemaker: ThreadPacemaker(), clock: clock, random: random),
            settings: JobWorker.Settings(queues: queues, concurrency: concurrency),
            tell: { [log = telemetry.loggers.named("jobs"), errors] in
                log.write($0)
                errors.count($0)
            })
    }

    /// Handlers whose attempts are counted, and known by their jobs in the log and in traces.
    func observed(_ handlers: [any JobHandler]) -> [any JobHandler] {
        handlers.map { ObservedJobHandler($0, by: telemetry.signals) }
    }

    private func fetcher(_ client: HTTPClient) -> any SourceFetcher {
        WebSourceFetcher(
            settings: WebSourceSettings(
                policy: AddressPolicy(allowed: configuration[Settings.allowAddresses]),
                limitBytes: configuration[Settings.uploadLimit],
                limitSeconds: configuration[Settings.sourceDurationLimit],
                pageHosts: configuration[Settings.ytDlpHosts], ytDlp: configuration[Settings.ytDlp],
                cookies: configuration[Settings.ytDlpCookies], pageProxy: configuration[Settings.ytDlpProxy]),
            media: media, client: client)
    }

    /// The transcribers that are set up, in the order in which they are asked.
    private func transcribers(_ client: HTTPClient) throws -> [any Transcriber] {
        try configuration[Settings.transcribers].compactMap { name -> (any Transcriber)? in
            switch name {
            case .captions: return CaptionTranscriber()
            case .openai:
                return address(Settings.transcriptionAddress, Settings.transcriptionKey).map {
                    OpenAITranscriber(
                        .init(address: $0, model: configuration[Settings.transcriptionModel]),
                        client: self.client(of: "transcription", client),
                        clock: clock)
                }
            case .assemblyai:
                return try address(Settings.assemblyAIAddress, Settings.assemblyAIKey).map {
                    AssemblyAITranscriber(
                        .init(address: $0), client: self.client(of: "assemblyai", client),
                        checkpoints: try FileCallCheckpoints(folder: data.calls, clock: clock), clock: clock)
                }
            case .whisper:
                return configuration[Settings.whisperModel].map { WhisperTranscriber(.init(model: $0)) }
            case .pocketsphinx: return PocketsphinxTranscriber()
            }
        }
    }

    /// The finders that are set up, in the order in which they are asked; the offline one always ends them.
    private func finders(_ client: HTTPClient) -> [any HighlightFinder] {
        var models: [any LanguageModel] = []
        for name in configuration[Settings.finders] {
            switch name {
            case .openai:
                if let model = model(Settings.chatAddress, Settings.chatModel, Settings.chatKey) {
                    models.append(OpenAIModel(model, client: self.client(of: "chat", client)))
                }
            case .gemini:
                if let model = model(Settings.geminiAddress, Settings.geminiModel, Settings.geminiKey) {
                    models.append(GeminiModel(model, client: self.client(of: "gemini", client)))
                }
            case .anthropic:
                if let model = model(
                    Settings.anthropicAddress, Settings.anthropicModel, Settings.anthropicKey)
                {
                    models.append(AnthropicModel(model, client: self.client(of: "anthropic", client)))
                }
            case .offline: break
            }
        }
        return models.map { ModelFinder(model: $0) } + [OfflineFinder()]
    }

    /// Who calls the upstream of that name.
    private func client(of upstream: String, _ client: HTTPClient) -> UpstreamClient {
        UpstreamClient(upstreams.named(upstream), over: client)
    }

    /// Where a service is, and the key that it is shown.
    ///
    /// An address that an administrator has set is shown a key that an administrator has set, and no other: a key of
    /// the operator must not be carried off to a server of someone's own.
    private func address(_ base: Setting<String?>, _ key: Setting<String?>) -> ProviderAddress? {
        let isLent =
            configuration.origin(of: base) == .administrator
            && configuration.origin(of: key) != .administrator
        return configuration[base].map { ProviderAddress(base: $0, key: isLent ? nil : configuration[key]) }
    }

    private func model(_ base: Setting<String?>, _ name: Setting<String?>, _ key: Setting<String?>)
        -> ModelConfiguration?
    {
        guard let address = address(base, key), let model = configuration[name] else { return nil }
        return ModelConfiguration(address: address, model: model)
    }
}

extension Log {
    /// Tells what happened to a job.
    func write(_ change: JobChange) {
        let job = change.job
        let level: LogLevel =
            switch change.event {
            // No fault of this program: a source that is no video, a service that does not answer.
            case .discarded, .retried, .interrupted: .warning
            default: .info
            }
        write(
            level, "job \(change.event.name)",
            [
                "job": .text(job.id.description), "kind": .text(job.kind),
                "subject": .text(job.subject?.description ?? ""), "attempt": .integer(Int64(job.attempt)),
            ])
    }
}

extension JobEvent {
    /// What happened, in the past tense.
    fileprivate var name: String {
        switch self {
        case .claimed: "claimed"
        case .snoozed: "snoozed"
        case .retried: "failed, to be tried again"
        case .interrupted: "interrupted"
        case .cancellationRequested: "cancellation requested"
        case .revived: "revived"
        case .completed: "completed"
        case .cancelled: "cancelled"
        case .discarded: "discarded"
        }
    }
}
