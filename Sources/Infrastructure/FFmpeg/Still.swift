import Domain
import Glibc

/// The picture of a clip that becomes its thumbnail, taken in passing while the clip is rendered: a run of its own
/// would have to start, seek and decode once more.
struct Still {
    /// The widest a thumbnail is, in pixels.
    private static let greatestWidth = 720

    private let moment: Double
    private let path: String

    /// The picture a third into a clip of so many seconds: past a fade or a cut at the start, before the end of the
    /// thought.
    init(of length: Double, settings: EncoderSettings, path: String) {
        // A frame earlier, so that a clip of one frame has it too.
        moment = max(0, length / 3 - settings.frameDuration)
        self.path = path
    }

    /// What follows the graph of the clip: from its outlet to `[picture]` and `[still]`.
    ///
    /// One frame alone is let through: ffmpeg goes on filtering for an output that has all it wants. JPEG has its
    /// own matrix of colours.
    var filters: String {
        ",split[picture][seen];"
            + "[seen]select='gte(t,\(FFmpegProgram.number(moment)))*isnan(prev_selected_t)',"
            + "scale='min(\(Self.greatestWidth),iw)':-2:flags=area:in_color_matrix=bt709:out_color_matrix=bt601:"
            + "out_range=full,format=yuvj420p[still]"
    }

    /// The options for the file.
    var output: [String] {
        [
            "-map", "[still]", "-frames:v", "1", "-q:v", "3", "-f", "mjpeg",
            "file:\(FFmpegProgram.absolute(path))",
        ]
    }

    /// Whether there is a picture in the file.
    var isWritten: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size > 0
    }
}
