import Application
import Domain

/// Recognises the pieces of a recording, several at once, and joins what was recognised.
struct PieceRecognition: Sendable {
    /// The longest piece, in seconds.
    let longest: Double
    /// How many pieces are recognised at once.
    let atOnce: Int

    /// The words of the whole recording.
    ///
    /// - Parameters:
    ///   - folder: Where the pieces' sound is put meanwhile.
    ///   - recognise: Gives the words of a WAV file, in seconds from its start.
    func words(
        of audio: SpeechAudio, folder: ScratchFolder, progress: @escaping ProgressReport,
        recognise: @escaping @Sendable (_ path: String, _ piece: SpeechPiece) async throws -> [Word]
    ) async throws -> [Word] {
        let pieces = SpeechPieces.plan(audio, longest: longest)
        let total = pieces.reduce(0) { $0 + $1.heard.duration }
        let parts = try await withThrowingTaskGroup(of: (piece: SpeechPiece, words: [Word]).self) { group in
            var parts: [(piece: SpeechPiece, words: [Word])] = []
            var done = 0.0
            func take(_ part: (piece: SpeechPiece, words: [Word])) {
                parts.append(part)
                done += part.piece.heard.duration
                progress(done / total, "transcribed \(Int(done)) of \(Int(total.rounded(.up))) s")
            }
            for (index, piece) in pieces.enumerated() {
                if index >= max(1, atOnce), let part = try await group.next() { take(part) }
                group.addTask {
                    let path = "\(folder.path)/speech-\(index).wav"
                    try await OwnThread.run { _ in try WAVFile.copy(piece.heard, of: audio.path, to: path) }
                    defer { ScratchFile.remove(path) }
                    let words = try await recognise(path, piece)
                    return (piece, words.moved(by: piece.heard.start, within: piece.heard))
                }
            }
            for try await part in group { take(part) }
            return parts
        }
        return SpeechPieces.stitch(parts)
    }
}
