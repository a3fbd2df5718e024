package import Application
package import Domain
import Synchronization

/// Takes the sound out of a source in one decode: a file for the recognisers, and its levels on the way.
package struct FFmpegAudioExtractor: SpeechAudioExtractor {
    /// How many seconds of sound may follow the end of the pictures.
    private static let excess = 1.0
    /// 16,000 samples of two bytes.
    private static let bytesPerSecond = 32_000.0

    private let tools: FFmpegTools

    /// An extractor.
    package init(tools: FFmpegTools = FFmpegTools()) {
        self.tools = tools
    }

    /// Writes the sound of the source at `path` to `speech.wav` in `folder`.
    ///
    /// Times are those of the source: where its sound begins late or has gaps, there is silence.
    package func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio {
        let wave = "\(FFmpegProgram.absolute(folder.path))/speech.wav"
        let levels = Mutex(SoundLevels())
        let length = facts.duration
        let program = ChildProgram(
            tools.ffmpeg,
            // Gaps are filled with silence, and times can be anything: nothing after the end is listened to.
            FFmpegProgram.manners + ["-t", FFmpegProgram.number(length + Self.excess)]
                + FFmpegProgram.opening(path) + [
                    "-filter_complex",
                    "[0:a:0]aresample=16000:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=mono,"
                        + "asplit[file][levels]",
                    "-map", "[file]", "-f", "wav", "file:\(wave)", "-map", "[levels]", "-f", "s16le",
                    "pipe:1",
                ],
            limits: ChildLimits(
                memory: 2 << 30,
                fileSize: Int(nearest: (length + 2 * Self.excess) * Self.bytesPerSecond),
                deadline: .seconds(6 * 3600), silence: tools.patience),
            niceness: 5)
        let began = ContinuousClock.now
        let result = try await FFmpegProgram.attempt(program) { bytes in
            let heard = levels.withLock { levels in
                levels.take(bytes)
                return levels.duration
            }
            progress(length > 0 ? min(1, heard / length) : 0, nil)
        }
        let measured = levels.withLock { $0 }
        WorkContext.current?.signals.ffmpegRan("sound", over: measured.duration, for: .now - began)
        // A source that breaks off still gives what could be decoded of it.
        guard result.succeeded || (measured.duration >= 1 && result.exit != .signal(9)) else {
            throw FFmpegProgram.failure(of: program, result)
        }
        return SpeechAudio(
            path: wave, duration: measured.duration, silences: measured.silences(),
            loudness: measured.loudness)
    }
}
