/// The programs that look into media and work on it, and how long they are waited for.
package struct FFmpegTools: Sendable {
    /// The program that reads and writes media: a name in `PATH`, or an absolute path.
    package var ffmpeg: String
    /// The program that looks into media.
    package var ffprobe: String
    /// How long a program that works on a recording may make no progress.
    package var patience: Duration
    /// How long looking into a file may take.
    package var glance: Duration

    /// The programs of this machine.
    package init(
        ffmpeg: String = "ffmpeg", ffprobe: String = "ffprobe", patience: Duration = .seconds(60),
        glance: Duration = .seconds(30)
    ) {
        self.ffmpeg = ffmpeg
        self.ffprobe = ffprobe
        self.patience = patience
        self.glance = glance
    }
}
