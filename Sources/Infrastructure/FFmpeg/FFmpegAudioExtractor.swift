package import Application
package import Domain
import Synchronization

/// Takes the sound out of a source in one decode: a file for the recognisers, and its levels on the way.
package struct FFmpegAudioExtractor: SpeechAudioExtractor {
    /// An extractor.
    package init() {}

    /// Writes the sound of the source at `path` to `speech.wav` in `folder`.
    ///
    /// Times are those of the source: where its sound begins late or has gaps, there is silence.
    package func extract(
        path: String, facts: MediaFacts, into folder: ScratchFolder, progress: @escaping ProgressReport
    ) async throws -> SpeechAudio {
        let wave = "\(FFmpegProgram.absolute(folder.path))/speech.wav"
        let levels = Mutex(SoundLevels())
        let program = ChildProgram(
            "ffmpeg",
            FFmpegProgram.manners + FFmpegProgram.opening(path) + [
                "-filter_complex",
                "[0:a:0]aresample=16000:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=mono,"
                    + "asplit[file][levels]",
                "-map", "[file]", "-f", "wav", "file:\(wave)", "-map", "[levels]", "-f", "s16le", "pipe:1",
            ],
            limits: ChildLimits(memory: 2 << 30, deadline: .seconds(6 * 3600), silence: .seconds(60)),
            niceness: 5)
        let length = facts.duration
        let result = try await FFmpegProgram.attempt(program) { bytes in
            let heard = levels.withLock { levels in
                levels.take(bytes)
                return levels.duration
            }
            progress(length > 0 ? min(1, heard / length) : 0, nil)
        }
        let measured = levels.withLock { $0 }
        // A source that breaks off still gives what could be decoded of it.
        guard result.succeeded || (measured.duration >= 1 && result.exit != .signal(9)) else {
            throw FFmpegProgram.failure(of: program, result)
        }
        return SpeechAudio(
            path: wave, duration: measured.duration, silences: measured.silences(),
            loudness: measured.loudness)
    }
}
