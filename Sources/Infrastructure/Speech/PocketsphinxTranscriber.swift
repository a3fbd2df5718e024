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
        // A short recording is shared out evenly; below some 20 s loading the model takes longer than hearing.
        let share = max(20, audio.duration / Double(max(1, configuration.atOnce)) * 1.1)
        let pieces = PieceRecognition(
            longest: min(configuration.longestPiece, share), atOnce: configuration.atOnce)
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
