package import Application
package import Domain

/// The offline default: CMU Sphinx from Debian, in child processes.
///
/// It knows English only, and no punctuation.
package struct PocketsphinxTranscriber: Transcriber {
    /// How it runs.
    package struct Configuration: Sendable {
        /// The program, looked up in `PATH` unless it is a path.
        package var program: String
        /// How many pieces are recognised at once.
        package var atOnce: Int
        /// The longest piece, in seconds.
        package var longestPiece: Double

        /// How it runs, by default one child for each of two cores.
        package init(program: String = "pocketsphinx_continuous", atOnce: Int = 2, longestPiece: Double = 60)
        {
            self.program = program
            self.atOnce = atOnce
            self.longestPiece = longestPiece
        }
    }

    /// Its stable name.
    package let name = "pocketsphinx"
    /// Nothing but its name.
    package let settings = "en-us"
    private let configuration: Configuration

    /// A transcriber that runs so.
    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// The words of English speech; nil for another language or without sound.
    package func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        guard let audio = request.audio, LanguageTag.primary(request.language) ?? "en" == "en" else {
            return nil
        }
        let pieces = PieceRecognition(longest: configuration.longestPiece, atOnce: configuration.atOnce)
        let words = try await pieces.words(of: audio, folder: request.folder, progress: progress) {
            path, piece in
            let output = try await SpeechProgram.run(
                ChildProgram(
                    configuration.program, ["-infile", path, "-time", "yes", "-logfn", "/dev/null"],
                    limits: ChildLimits(
                        memory: 4 << 30, deadline: .seconds(60 + 20 * piece.heard.duration), output: 16 << 20),
                    niceness: 5))
            return Self.words(in: String(decoding: output, as: UTF8.self))
        }
        return Transcript(words: words, language: "en", engine: name)
    }

    /// Reads what `-time yes` prints: a line of text for each utterance, then a line for each word with its
    /// start, end and posterior probability.
    package static func words(in output: String) -> [Word] {
        output.split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 4, let start = Double(fields[1]), let end = Double(fields[2]),
                let probability = Double(fields[3]), let first = fields[0].first, !"<[+".contains(first)
            else { return nil }
            // Further pronunciations of a word are numbered: `the(2)`.
            let text = String(fields[0].prefix { $0 != "(" })
            guard !text.isEmpty else { return nil }
            return Word(
                text: text == "i" || text.hasPrefix("i'") ? "I" + text.dropFirst() : text,
                span: TimeSpan(start: start, end: end), confidence: min(1, max(0, probability)))
        }
    }
}

/// Runs the programs that recognise speech.
enum SpeechProgram {
    /// What the program writes to its standard output.
    ///
    /// - Throws: ``MediaError/programMissing(_:)``, ``MediaError/programFailed(program:reason:)``.
    static func run(_ program: ChildProgram) async throws -> [UInt8] {
        do {
            let result = try await ChildProcesses.shared.run(program)
            guard result.succeeded else {
                throw MediaError.programFailed(program: program.name, reason: result.reason)
            }
            return result.output
        } catch let error as ChildProcessError {
            switch error {
            case .programMissing: throw MediaError.programMissing(program.name)
            case .notStarted(_, let code):
                throw PortError.unavailable("\(program.name) cannot be started: error \(code)")
            case .stalled, .tooSlow, .tooTalkative:
                throw MediaError.programFailed(program: program.name, reason: "\(error)")
            }
        }
    }
}

/// The outer form of BCP 47 tags.
enum LanguageTag {
    /// The primary language of a tag in lower case, `pt` of `pt-BR`; nil of nil.
    static func primary(_ tag: String?) -> String? {
        tag.map { String($0.prefix { $0 != "-" && $0 != "_" }).lowercased() }
    }

    /// A tag from what a recogniser calls a language: a tag already, or its English name.
    static func tag(_ text: String?) -> String? {
        guard let text = text?.lowercased(), !text.isEmpty else { return nil }
        return names[text] ?? (text.utf8.count <= 3 ? text : nil)
    }

    /// English names of languages as Whisper writes them.
    private static let names = [
        "english": "en", "chinese": "zh", "german": "de", "spanish": "es", "russian": "ru", "korean": "ko",
        "french": "fr", "japanese": "ja", "portuguese": "pt", "turkish": "tr", "polish": "pl",
        "catalan": "ca",
        "dutch": "nl", "arabic": "ar", "swedish": "sv", "italian": "it", "indonesian": "id", "hindi": "hi",
        "finnish": "fi", "vietnamese": "vi", "hebrew": "he", "ukrainian": "uk", "greek": "el", "czech": "cs",
        "romanian": "ro", "danish": "da", "hungarian": "hu", "norwegian": "no", "thai": "th", "persian": "fa",
    ]
}
