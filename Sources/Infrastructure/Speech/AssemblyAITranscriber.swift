package import Application
package import Domain
import FoundationEssentials

/// AssemblyAI's version 2: the sound is uploaded, a transcript ordered, and asked for until it is there.
///
/// An order costs money, so the provider's identifier of it is on disk before it is asked for: after a restart
/// the same order is gone on with. An order whose answer was lost, with a crash or at a gateway, is not made
/// again; this transcriber then says so and the next one is asked.
package struct AssemblyAITranscriber: Transcriber {
    /// Which server, and how it is used.
    package struct Configuration: Sendable {
        /// Where it is, version included, such as `https://api.assemblyai.com/v2`.
        package var address: ProviderAddress
        /// The model's name there; nil for the provider's choice.
        package var model: String?
        /// How long to wait between two questions.
        package var pollInterval: Duration
        /// How often in a row a question may fail.
        package var mostFailures: Int

        /// Which server, and how it is used.
        package init(
            address: ProviderAddress, model: String? = nil, pollInterval: Duration = .seconds(3),
            mostFailures: Int = 5
        ) {
            self.address = address
            self.model = model
            self.pollInterval = pollInterval
            self.mostFailures = mostFailures
        }
    }

    /// How long one attempt waits for a transcript, besides the length of the sound: it usually takes a
    /// fraction of that.
    private static let patience = Duration.seconds(3600)

    /// Its stable name.
    package let name = "assemblyai"
    private let configuration: Configuration
    private let client: any HTTPExchange
    private let checkpoints: any CallCheckpoints
    private let clock: any WallClock

    /// The address and the model.
    package var settings: String { "\(configuration.address.base)|\(configuration.model ?? "")" }

    /// A transcriber that asks that server.
    package init(
        _ configuration: Configuration, client: any HTTPExchange, checkpoints: any CallCheckpoints,
        clock: any WallClock
    ) {
        self.configuration = configuration
        self.client = client
        self.checkpoints = checkpoints
        self.clock = clock
    }

    /// What is kept about an order.
    private enum Checkpoint {
        /// It is about to be made; without an answer nobody knows whether it was.
        static let ordering = "ordering"
        /// It was made and has this identifier.
        static func ordered(_ identifier: String) -> String { "ordered \(identifier)" }

        static func identifier(in value: String) -> String? {
            value.hasPrefix("ordered ") ? String(value.dropFirst("ordered ".count)) : nil
        }
    }

    /// The words of the speech with their speakers; nil without sound.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when the server fails, is busy or answers nonsense,
    ///   ``ProviderRefused`` when it refuses for good.
    package func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        guard let audio = request.audio else { return nil }
        // A source keeps its path in the store for life, so a restart finds the same key.
        let key = "assemblyai|\(settings)|\(request.language ?? "")|\(request.sourcePath)"
        let identifier: String
        switch try await checkpoints.value(for: key) {
        case nil:
            identifier = try await order(audio, language: request.language, key: key, progress: progress)
        case .some(let value):
            guard let known = Checkpoint.identifier(in: value) else {
                throw PortError.unavailable(
                    "assemblyai was given this source before, and its answer was lost; it is not sent twice"
                )
            }
            identifier = known
        }
        let answer = try await ordered(
            identifier, key: key, until: clock.now() + Self.patience + .seconds(audio.duration),
            progress: progress)
        return Transcript(
            words: answer.timedWords(within: TimeSpan(start: 0, end: audio.duration)),
            language: request.language ?? LanguageTag.tag(answer.language_code),
            engine: name)
    }

    private func order(
        _ audio: SpeechAudio, language: String?, key: String, progress: ProgressReport
    ) async throws -> String {
        struct Uploaded: Decodable { let upload_url: String }
        progress(0, "uploading the sound")
        let uploaded = try await client.send(
            ask("/upload", method: "POST", body: .file(path: audio.path, type: "application/octet-stream"))
        ).decoded(Uploaded.self, from: name)
        let order = Order(
            audio_url: uploaded.upload_url, language_code: LanguageTag.primary(language),
            language_detection: language == nil ? true : nil, speech_models: configuration.model.map { [$0] })
        try await checkpoints.put(Checkpoint.ordering, for: key)
        let request = ask(
            "/transcript", method: "POST",
            body: .bytes(Array(try JSONEncoder().encode(order)), type: "application/json"))
        let response: HTTPResponse
        do {
            response = try await client.send(request)
        } catch let resting as UpstreamResting {
            // Nothing was sent. After any other failure the order may have arrived: the mark stays.
            try await checkpoints.remove(key)
            throw resting
        }
        guard response.isSuccess else {
            // Where the server itself said no, nothing was ordered; a gateway does not know.
            if ![408, 502, 504].contains(response.status) { try await checkpoints.remove(key) }
            try response.requireSuccess(from: name)
            throw PortError.unavailable("assemblyai answers with status \(response.status)")
        }
        let identifier = try response.decoded(Ordered.self, from: name).id
        try await checkpoints.put(Checkpoint.ordered(identifier), for: key)
        return identifier
    }

    /// Asks for the ordered transcript until it is there or the time is over; the order stands then.
    private func ordered(
        _ identifier: String, key: String, until deadline: Timestamp, progress: ProgressReport
    ) async throws -> Answer {
        var failures = 0
        var polls = 0
        let path =
            "/transcript/"
            + identifier.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        while true {
            do {
                let answer = try await client.send(ask(path), bodyLimit: 256 << 20).decoded(
                    Answer.self, from: name)
                failures = 0
                switch answer.status {
                case "completed": return answer
                case "error":
                    try await checkpoints.remove(key)
                    throw ProviderRefused(
                        provider: name, status: 200, detail: answer.error ?? "transcription failed")
                default: break
                }
                polls += 1
                // It never says how far it is: half of what is left, each time a little.
                progress(1 - 1 / (1 + Double(polls) / 20), "waiting for assemblyai")
            } catch PortError.unavailable(let reason, let retryAfter) {
                failures += 1
                guard failures < configuration.mostFailures else {
                    throw PortError.unavailable(reason, retryAfter: retryAfter)
                }
                if let retryAfter {
                    try await clock.sleep(until: clock.now() + min(retryAfter, .seconds(60)))
                }
            } catch let refusal as ProviderRefused where refusal.status == 404 {
                // The provider has forgotten the order: the next attempt makes a new one.
                try await checkpoints.remove(key)
                throw PortError.unavailable("assemblyai has forgotten the transcript")
            }
            guard clock.now() < deadline else {
                throw PortError.unavailable("assemblyai has not finished in time")
            }
            try await clock.sleep(until: clock.now() + configuration.pollInterval)
        }
    }

    private func ask(_ path: String, method: String = "GET", body: HTTPRequest.Body = .none) -> HTTPRequest {
        HTTPRequest(
            configuration.address.url(path), method: method,
            headers: configuration.address.key.map { [("Authorization", $0)] } ?? [], body: body,
            destination: .configured, deadlines: .init(total: .seconds(900), stall: .seconds(120)))
    }
}

// The provider's own names.

private struct Order: Encodable {
    let audio_url: String
    let speaker_labels = true
    let punctuate = true
    let format_text = true
    let language_code: String?
    let language_detection: Bool?
    let speech_models: [String]?

    enum CodingKeys: CodingKey {
        case audio_url, speaker_labels, punctuate, format_text, language_code, language_detection,
            speech_models
    }
}

private struct Ordered: Decodable {
    let id: String
}

private struct Answer: Decodable {
    struct TimedWord: Decodable {
        let text: String
        let start: Double
        let end: Double
        let confidence: Double?
        let speaker: String?
    }
    let status: String
    let error: String?
    let language_code: String?
    let words: [TimedWord]?

    /// The words, none outside the sound; the provider counts in milliseconds.
    func timedWords(within sound: TimeSpan) -> [Word] {
        (words ?? []).map {
            Word(
                text: $0.text,
                span: TimeSpan(start: $0.start / 1000, end: $0.end / 1000).clamped(to: sound),
                confidence: $0.confidence,
                speaker: $0.speaker.map(Speaker.init))
        }
    }
}
