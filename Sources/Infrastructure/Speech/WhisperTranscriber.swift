package import Application
package import Domain
import FoundationEssentials

/// whisper.cpp's command line, where somebody has installed it and a model.
package struct WhisperTranscriber: Transcriber {
    /// How it runs.
    package struct Configuration: Sendable {
        /// The program, looked up in `PATH` unless it is a path.
        package var program: String
        /// The path of the model file.
        package var model: String
        /// How many threads it uses.
        package var threads: Int

        /// How it runs.
        package init(program: String = "whisper-cli", model: String, threads: Int = 2) {
            self.program = program
            self.model = model
            self.threads = threads
        }
    }

    /// Its stable name.
    package let name = "whisper-cli"
    private let configuration: Configuration
    /// The most bytes of output that are read for one piece.
    private static let mostOutput = 64 << 20

    /// The model's file name.
    package var settings: String { configuration.model.split(separator: "/").last.map(String.init) ?? "" }

    /// A transcriber that runs so.
    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// The words of the speech; nil without sound.
    package func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        guard let audio = request.audio else { return nil }
        let language = LanguageTag.primary(request.language)
        let found = LanguageFound()
        // whisper.cpp works on 30 s at a time itself; pieces only bound what a crash costs and show progress.
        let words = try await PieceRecognition(longest: 600, atOnce: 1)
            .words(of: audio, folder: request.folder, progress: progress) { path, piece in
                let output = "\(path).whisper"
                defer { ScratchFile.remove(output + ".json") }
                _ = try await SpeechProgram.run(
                    ChildProgram(
                        configuration.program,
                        [
                            "--model", configuration.model, "--file", path, "--language", language ?? "auto",
                            "--threads", "\(configuration.threads)", "--output-json-full", "--output-file",
                            output,
                            "--no-prints",
                        ],
                        limits: ChildLimits(
                            deadline: .seconds(120 + 60 * piece.heard.duration), output: 64 << 20),
                        niceness: 5))
                let json = try await OwnThread.run { _ in
                    try ScratchFile.read(output + ".json", atMost: Self.mostOutput)
                }
                let result = try Self.words(in: json)
                found.set(result.language)
                return result.words
            }
        return Transcript(words: words, language: request.language ?? found.value, engine: name)
    }

    /// Reads the file that `--output-json-full` writes.
    package static func words(in json: [UInt8]) throws -> (words: [Word], language: String?) {
        struct Answer: Decodable {
            struct Result: Decodable { let language: String? }
            struct Offsets: Decodable { let from: Int, to: Int }
            struct Token: Decodable {
                let text: String
                let offsets: Offsets?
                let p: Double?
            }
            struct Segment: Decodable {
                let offsets: Offsets
                let text: String
                let tokens: [Token]?
            }
            let result: Result?
            let transcription: [Segment]
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(json)) else {
            throw MediaError.programFailed(program: "whisper-cli", reason: "its output cannot be read")
        }
        var words: [Word] = []
        for segment in answer.transcription {
            var pieces: [(text: String, start: Int, end: Int, probability: Double)] = []
            for token in segment.tokens ?? [] where !token.text.hasPrefix("[_") {
                guard let offsets = token.offsets else { continue }
                if token.text.first == " " || pieces.isEmpty {
                    pieces.append((token.text, offsets.from, offsets.to, token.p ?? 1))
                } else {
                    // A token that does not begin with a space goes on with the word before it.
                    pieces[pieces.count - 1].text += token.text
                    pieces[pieces.count - 1].end = offsets.to
                    pieces[pieces.count - 1].probability = min(
                        pieces[pieces.count - 1].probability, token.p ?? 1)
                }
            }
            words += pieces.compactMap { piece in
                let text = piece.text.spacesCollapsed
                guard !text.isEmpty else { return nil }
                return Word(
                    text: text,
                    span: TimeSpan(start: Double(piece.start) / 1000, end: Double(piece.end) / 1000),
                    confidence: piece.probability)
            }
        }
        return (words, LanguageTag.tag(answer.result?.language))
    }
}
