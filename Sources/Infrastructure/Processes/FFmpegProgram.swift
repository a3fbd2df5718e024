import Domain
import Glibc

/// How ffmpeg and ffprobe are talked to, whoever runs them.
enum FFmpegProgram {
    /// The containers that are opened, by ffmpeg's names: those that hold video themselves.
    ///
    /// Playlists, manifests and scripts (`hls`, `dash`, `concat`, `sdp` …), which lead to other files and addresses,
    /// are not among them, and neither are pictures, text and raw sound.
    static let containers = [
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "flv", "live_flv", "mpeg",
        "mpegts",
        "asf", "ogg", "mxf", "gxf", "wtv", "dv", "rm", "nut", "ivf", "yuv4mpegpipe", "h264", "hevc", "m4v",
        "mpegvideo", "obu", "vc1", "swf", "nsv", "amv",
    ].joined(separator: ",")

    /// What stands before `-i`: nothing is opened but the file itself, and never by its name's looks.
    static func opening(_ path: String) -> [String] {
        ["-protocol_whitelist", "file", "-format_whitelist", containers, "-i", "file:\(absolute(path))"]
    }

    /// `path` from the root, since children start in another folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return "\(String(cString: current))/\(path)"
    }

    /// A number with five decimals, never with an exponent, which ffmpeg takes in some places only.
    static func number(_ value: Double) -> String {
        let scaled = Int(nearest: min(abs(value) * 100_000, 1e18))
        let digits = String(scaled % 100_000)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(scaled / 100_000).\(String(repeating: "0", count: 5 - digits.count))\(digits)"
    }
}
