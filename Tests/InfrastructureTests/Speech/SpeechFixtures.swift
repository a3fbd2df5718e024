import Application
import Domain
import Glibc
import Synchronization

/// A WAV file of 16 kHz, mono, 16 bits: a tone, or silence where told.
func waveform(seconds: Double, silences: [TimeSpan] = []) -> [UInt8] {
    let count = Int(seconds * 16_000)
    func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var bytes = Array("RIFF".utf8) + number(36 + 2 * count + 12, 4) + Array("WAVEfmt ".utf8) + number(16, 4)
    bytes +=
        number(1, 2) + number(1, 2) + number(16_000, 4) + number(32_000, 4) + number(2, 2) + number(16, 2)
    // A chunk that a reader has to step over, as ffmpeg writes one.
    bytes += Array("LIST".utf8) + number(4, 4) + Array("INFO".utf8)
    bytes += Array("data".utf8) + number(2 * count, 4)
    for index in 0..<count {
        let moment = Double(index) / 16_000
        let isSilent = silences.contains { $0.contains(moment) }
        bytes += number(isSilent ? 0 : Int(8000 * sin(moment * 2 * .pi * 220)), 2)
    }
    return bytes
}

extension TranscriptionRequest {
    /// A request about a WAV file in `folder`.
    static func about(
        seconds: Double, silences: [TimeSpan] = [], in folder: String, language: String? = nil,
        captions: (path: String, format: CaptionFileFormat)? = nil, tracks: [MediaFacts.CaptionTrack] = [],
        source: String? = nil
    ) -> TranscriptionRequest {
        let path = folder + "/sound.wav"
        writeFile(waveform(seconds: seconds, silences: silences), to: path)
        return TranscriptionRequest(
            sourcePath: source ?? folder + "/source.mp4", facts: .video(seconds: seconds, captions: tracks),
            audio: SpeechAudio(path: path, duration: seconds, silences: silences, loudness: []),
            captions: captions, language: language, folder: ScratchFolder(path: folder))
    }
}

extension MediaFacts {
    static func video(seconds: Double, captions: [MediaFacts.CaptionTrack] = []) -> MediaFacts {
        MediaFacts(
            duration: seconds, width: 640, height: 360, frameRate: 25, videoCodec: "h264", audioCodec: "aac",
            captions: captions)
    }
}

extension Transcript {
    var texts: [String] { words.map(\.text) }
}

/// A clock on which every sleep is over at once, and has taken its time.
final class HurryingClock: WallClock {
    private let moment = Mutex(Timestamp(milliseconds: 1_790_000_000_000))

    func now() -> Timestamp { moment.withLock { $0 } }

    func sleep(until deadline: Timestamp) async throws {
        moment.withLock { $0 = max($0, deadline) }
    }
}

/// Counts calls from several threads.
final class Tries: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
