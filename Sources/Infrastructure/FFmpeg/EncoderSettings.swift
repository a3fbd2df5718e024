import Domain

/// How a clip is encoded: what plays everywhere, as good as its mode asks for.
struct EncoderSettings {
    /// Frames a second, as ffmpeg writes it.
    let frameRate: String
    /// Seconds that one frame lasts.
    let frameDuration: Double
    let preset: String
    /// The constant rate factor of x264: lower is better and larger.
    let quality: Int

    /// The rates that players and networks expect; anything else is made one of them.
    private static let rates: [(name: String, numerator: Double, denominator: Double)] = [
        ("24000/1001", 24000, 1001), ("24", 24, 1), ("25", 25, 1), ("30000/1001", 30000, 1001), ("30", 30, 1),
        ("50", 50, 1), ("60000/1001", 60000, 1001), ("60", 60, 1),
    ]

    init(mode: ProcessingMode, sourceRate: Double) {
        let wanted = sourceRate > 33 && mode != .quality ? sourceRate / 2 : sourceRate
        let rate =
            Self.rates.first { abs($0.numerator / $0.denominator - wanted) < 0.02 }
            ?? (wanted > 33 ? Self.rates[7] : Self.rates[4])
        frameRate = rate.name
        frameDuration = rate.denominator / rate.numerator
        switch mode {
        case .fast: (preset, quality) = ("superfast", 23)
        case .balanced: (preset, quality) = ("veryfast", 20)
        case .quality: (preset, quality) = ("medium", 18)
        }
    }

    /// The options of ffmpeg for the picture.
    func arguments(threads: Int) -> [String] {
        [
            "-c:v", "libx264", "-preset", preset, "-crf", "\(quality)", "-profile:v", "high", "-pix_fmt",
            "yuv420p",
            // A key picture every two seconds, so that players seek quickly.
            "-g", "\(Int((2 / frameDuration).rounded()))", "-threads", "\(threads)",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        ]
    }

    /// The options of ffmpeg for the sound.
    static let sound = ["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"]
}
