import Domain

/// Reads how far yt-dlp is from the lines that `YtDlpProgress.template` makes it write.
struct YtDlpProgress {
    /// The value of `--progress-template`: bytes so far, bytes in all, the guess of those, and the format,
    /// which changes when the next file begins.
    static let template =
        "download:cutroom %(progress.downloaded_bytes)s %(progress.total_bytes)s "
        + "%(progress.total_bytes_estimate)s %(info.format_id)s"

    /// Pictures come first and are most of it; sound follows as a second file.
    private static let firstShare = 0.9

    private var formats: [Substring] = []
    private var furthest = 0.0

    /// How far it is, 0–1 and never back, and how many bytes of the present file there are; nil when the line is
    /// something else.
    mutating func read(_ line: String) -> (fraction: Double, bytes: Int64)? {
        let words = line.split(separator: " ")
        guard words.count >= 5, words[0] == "cutroom", let bytes = Double(words[1]), bytes >= 0,
            bytes.isFinite
        else {
            return nil
        }
        if formats.last != words[4] { formats.append(words[4]) }
        let whole = Double(words[2]) ?? Double(words[3]) ?? 0
        let part = whole > 0 ? min(1, bytes / whole) : 0
        let fraction =
            formats.count == 1 ? part * Self.firstShare : Self.firstShare + part * (1 - Self.firstShare)
        furthest = max(furthest, fraction)
        return (furthest, Int64(nearest: bytes))
    }
}
