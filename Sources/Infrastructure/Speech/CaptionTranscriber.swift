package import Application
package import Domain

/// Takes the captions that come with a source for its transcript: a side file, else an embedded track.
package struct CaptionTranscriber: Transcriber {
    /// Its stable name.
    package let name = "captions"
    /// The version of the spread of words over the speech.
    package let settings = "1"
    private let program: String

    /// A transcriber that takes embedded tracks out with that program.
    package init(program: String = "ffmpeg") {
        self.program = program
    }

    /// The words of the captions; nil when there are none, or none in the wanted language.
    ///
    /// - Throws: ``MediaError/captionsUnreadable(_:)`` for a side file that cannot be read; an embedded track
    ///   that cannot be read counts as none.
    package func transcribe(_ request: TranscriptionRequest, progress: @escaping ProgressReport) async throws
        -> Transcript?
    {
        if let captions = request.captions {
            let cues = try await Self.cues(at: captions.path, format: captions.format)
            return transcript(cues, language: request.language, request)
        }
        guard let track = Self.track(for: request) else { return nil }
        progress(0, "reading the captions")
        do {
            let cues = try await embeddedCues(track, of: request)
            return cues.isEmpty
                ? nil
                : transcript(cues, language: request.language ?? track.language.flatMap(Self.tag), request)
        } catch is MediaError {
            return nil
        }
    }

    private func transcript(_ cues: [CaptionCue], language: String?, _ request: TranscriptionRequest)
        -> Transcript
    {
        let words = CaptionSpread(silences: request.audio?.silences ?? []).words(of: cues)
        return Transcript(words: words, language: language, engine: name)
    }

    private static func cues(at path: String, format: CaptionFileFormat) async throws -> [CaptionCue] {
        try await OwnThread.run { _ in
            // One byte more than is read: a file of any size does not fill the memory.
            let bytes = try ScratchFile.read(path, atMost: CaptionFileLimits.mostBytes + 1)
            return try CaptionFileReader(format: format).cues(of: bytes)
        }
    }

    /// The track in the wanted language, else the first one when nobody said a language.
    private static func track(for request: TranscriptionRequest) -> MediaFacts.CaptionTrack? {
        guard let wanted = LanguageTag.primary(request.language) else { return request.facts.captions.first }
        return request.facts.captions.first { track in
            track.language.flatMap(tag).map { $0 == wanted } ?? true
        }
    }

    private func embeddedCues(_ track: MediaFacts.CaptionTrack, of request: TranscriptionRequest) async throws
        -> [CaptionCue]
    {
        // WebVTT keeps the voices; styles of other formats are lost on the way, which is what we want.
        let output = "\(request.folder.path)/captions-\(track.index).vtt"
        defer { ScratchFile.remove(output) }
        _ = try await SpeechProgram.run(
            ChildProgram(
                program,
                ["-nostdin", "-v", "error", "-y"] + FFmpegProgram.opening(request.sourcePath) + [
                    "-map", "0:\(track.index)", "-c:s", "webvtt", "-f", "webvtt",
                    "file:\(FFmpegProgram.absolute(output))",
                ],
                limits: ChildLimits(
                    memory: 2 << 30, fileSize: CaptionFileLimits.mostBytes, deadline: .seconds(600))))
        return try await Self.cues(at: output, format: .vtt)
    }

    /// The two-letter tag of a language that a container names by three letters (ISO 639-2); nil when it says
    /// that it does not know, that there are several, or that there is none.
    private static func tag(_ code: String) -> String? {
        let primary = LanguageTag.primary(code) ?? code
        return ["und", "mul", "mis", "zxx"].contains(primary) ? nil : threeLetters[primary] ?? primary
    }

    private static let threeLetters = [
        "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
        "por": "pt",
        "nld": "nl", "dut": "nl", "rus": "ru", "jpn": "ja", "zho": "zh", "chi": "zh", "kor": "ko",
        "ara": "ar",
        "hin": "hi", "pol": "pl", "tur": "tr", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi",
        "ces": "cs",
        "cze": "cs", "ell": "el", "gre": "el", "heb": "he", "hun": "hu", "ron": "ro", "rum": "ro",
        "ukr": "uk",
        "vie": "vi", "tha": "th", "ind": "id", "cat": "ca", "fas": "fa", "per": "fa",
    ]
}
