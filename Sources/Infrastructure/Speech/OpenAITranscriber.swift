package import Application
package import Domain
import FoundationEssentials

/// Any server that speaks OpenAI's `/audio/transcriptions`: OpenAI, Groq, faster-whisper servers, whisper.cpp.
package struct OpenAITranscriber: Transcriber {
    /// Which server, and how it is used.
    package struct Configuration: Sendable {
        /// Where it is, version included, such as `http://127.0.0.1:8000/v1`.
        package var address: ProviderAddress
        /// The model's name there.
        package var model: String
        /// The longest piece, in seconds; 600 s stay below the 25 MB that OpenAI takes.
        package var longestPiece: Double
        /// How many pieces are sent at once.
        package var atOnce: Int
        /// How long one piece may take.
        package var deadline: Duration
        /// The pause before the second try of a piece that failed for now; twice as long before the third.
        package var pause: Duration

        /// Which server, and how it is used.
        package init(
            address: ProviderAddress, model: String, longestPiece: Double = 600, atOnce: Int = 3,
            deadline: Duration = .seconds(900), pause: Duration = .seconds(2)
        ) {
            self.address = address
            self.model = model
            self.longestPiece = longestPiece
            self.atOnce = atOnce
            self.deadline = deadline
            self.pause = pause
        }
    }

    /// Its stable name.
    package let name = "openai"
    private let configuration: Configuration
    private let client: any HTTPExchange
    private let clock: any WallClock

    /// How often a piece is sent: one busy moment must not cost the pieces that are done already.
    private static let tries = 3
    /// The longest pause that a server may ask for between two tries of a piece.
    private static let longestPause = Duration.seconds(30)

    /// The address and the model.
    package var settings: String { "\(configuration.address.base)|\(configuration.model)" }

    /// A transcriber that asks that server.
    package init(_ configuration: Configuration, client: any HTTPExchange, clock: any WallClock) {
        self.configuration = configuration
        self.client = client
        self.clock = clock
    }

    /// The words of the speech; nil without sound.
    ///
    /// - Throws: ``PortError/unavailable(_:retryAfter:)`` when the server fails, is busy or answers nonsense,
    ///   ``ProviderRefused`` when it refuses for good.
    package func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        guard let audio = request.audio else { return nil }
        let found = LanguageFound()
        let pieces = PieceRecognition(longest: configuration.longestPiece, atOnce: configuration.atOnce)
        let words = try await pieces.words(of: audio, folder: request.folder, progress: progress) {
            path, piece in
            let answer = try await answer(to: order(path, language: request.language))
            found.set(LanguageTag.tag(answer.language))
            return try answer.timedWords(silences: audio.silences, piece: piece.heard)
        }
        return Transcript(words: words, language: request.language ?? found.value, engine: name)
    }

    /// Sends a piece again while the server fails for now.
    private func answer(to order: HTTPRequest) async throws -> Answer {
        var pause = configuration.pause
        for _ in 1..<Self.tries {
            do {
                return try await client.send(order).decoded(Answer.self, from: name)
            } catch PortError.unavailable(let reason, let retryAfter) {
                let wait = max(pause, retryAfter ?? .zero)
                guard wait <= Self.longestPause else {
                    throw PortError.unavailable(reason, retryAfter: retryAfter)
                }
                try await clock.sleep(until: clock.now() + wait)
                pause = pause * 2
            }
        }
        return try await client.send(order).decoded(Answer.self, from: name)
    }

    private func order(_ path: String, language: String?) -> HTTPRequest {
        var fields: [HTTPRequest.FormPart] = [
            .init("file", .file(path: path, filename: "speech.wav", type: "audio/wav")),
            .init("model", .text(configuration.model)),
            .init("response_format", .text("verbose_json")),
            .init("timestamp_granularities[]", .text("word")),
            .init("timestamp_granularities[]", .text("segment")),
        ]
        if let language = LanguageTag.primary(language) { fields.append(.init("language", .text(language))) }
        return HTTPRequest(
            configuration.address.url("/audio/transcriptions"), method: "POST",
            headers: configuration.address.bearer, body: .form(fields), destination: .configured,
            deadlines: .init(total: configuration.deadline))
    }

    /// What such servers answer; some put the words into the segments, some give segments only.
    struct Answer: Decodable {
        struct TimedWord: Decodable {
            let word: String
            let start: Double
            let end: Double
            let probability: Double?
        }
        struct Segment: Decodable {
            let start: Double
            let end: Double
            let text: String
            let words: [TimedWord]?
        }
        let text: String?
        let language: String?
        let words: [TimedWord]?
        let segments: [Segment]?

        /// The words, in seconds from the start of the piece.
        func timedWords(silences: [TimeSpan], piece: TimeSpan) throws -> [Word] {
            let segments = segments ?? []
            let timed = words ?? segments.flatMap { $0.words ?? [] }
            if !timed.isEmpty {
                let written = (text ?? segments.map(\.text).joined(separator: " ")).writtenWords
                return WrittenForms(written).applied(
                    to: timed.map {
                        Word(
                            text: $0.word.spacesCollapsed, span: TimeSpan(start: $0.start, end: $0.end),
                            confidence: $0.probability)
                    })
            }
            guard !segments.isEmpty || (text ?? "").writtenWords.isEmpty else {
                throw PortError.unavailable("openai answers without any times")
            }
            let cues = segments.map {
                CaptionCue(span: TimeSpan(start: $0.start, end: $0.end), text: $0.text.spacesCollapsed)
            }
            let shifted = silences.map {
                TimeSpan(start: $0.start - piece.start, end: $0.end - piece.start)
            }
            return CaptionSpread(silences: shifted).words(of: cues)
        }
    }
}

/// Gives bare words the capitals and punctuation that the same recogniser wrote in its running text.
struct WrittenForms {
    /// How far ahead a word is looked for when the two go apart.
    private static let reach = 8
    private let written: [String]
    private let plain: [String]

    init(_ written: [String]) {
        self.written = written
        plain = written.map(\.plainWord)
    }

    func applied(to words: [Word]) -> [Word] {
        var next = 0
        return words.compactMap { word in
            guard !word.text.isEmpty else { return nil }
            let wanted = word.text.plainWord
            let ahead = next..<min(plain.count, next + Self.reach)
            guard let found = ahead.first(where: { plain[$0] == wanted }) else { return word }
            next = found + 1
            return Word(
                text: written[found], span: word.span, confidence: word.confidence, speaker: word.speaker)
        }
    }
}
