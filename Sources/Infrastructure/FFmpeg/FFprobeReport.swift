import FoundationEssentials

/// What ffprobe says about a file, as far as we ask.
struct FFprobeReport: Decodable {
    struct Format: Decodable {
        let duration: String?
        let start_time: String?
        let tags: [String: String]?
    }

    struct Disposition: Decodable {
        let attached_pic: Int?
        let still_image: Int?
    }

    struct SideData: Decodable {
        let rotation: Double?
    }

    struct Stream: Decodable {
        let index: Int
        let codec_type: String?
        let codec_name: String?
        let width: Int?
        let height: Int?
        let sample_aspect_ratio: String?
        let avg_frame_rate: String?
        let r_frame_rate: String?
        let field_order: String?
        let pix_fmt: String?
        let color_space: String?
        let color_transfer: String?
        let color_primaries: String?
        let color_range: String?
        let channels: Int?
        let duration: String?
        let nb_frames: String?
        let disposition: Disposition?
        let tags: [String: String]?
        let side_data_list: [SideData]?
    }

    let format: Format?
    let streams: [Stream]?

    init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(FFprobeReport.self, from: Data(json))
    }

    /// The picture that is shown: the first one that is not a cover.
    var picture: Stream? {
        streams?.first {
            $0.codec_type == "video" && $0.disposition?.attached_pic != 1 && $0.codec_name != nil
                && ($0.width ?? 0) > 0 && ($0.height ?? 0) > 0
        }
    }

    /// The sound that is heard: the first one that can be decoded.
    var sound: Stream? {
        streams?.first { $0.codec_type == "audio" && $0.codec_name != nil && ($0.channels ?? 0) > 0 }
    }

    /// The time that the file's own clock shows at its start.
    var start: Double { format?.start_time.flatMap(Double.init) ?? 0 }

    /// The length that the container states, else the longest that a stream states, in seconds.
    var duration: Double? {
        let stated = [format?.duration].compactMap { $0.flatMap(Double.init) }.first { $0 > 0 }
        return stated ?? streams?.compactMap { $0.duration.flatMap(Double.init) }.max()
    }
}

extension FFprobeReport.Stream {
    /// The value of a ratio such as `30000/1001` or `4:3`; nil for none and for `0/0`.
    static func ratio(_ text: String?) -> Double? {
        guard let text else { return nil }
        let parts = text.split { $0 == "/" || $0 == ":" }.compactMap { Double($0) }
        guard parts.count == 2, parts[0] > 0, parts[1] > 0 else { return nil }
        return parts[0] / parts[1]
    }

    /// Whether a player turns the picture by a quarter before it shows it.
    private var isTurned: Bool {
        let degrees =
            side_data_list?.compactMap(\.rotation).first ?? tags?["rotate"].flatMap(Double.init) ?? 0
        return Int((degrees / 90).rounded()) % 2 != 0
    }

    /// The size of the picture as shown, pixel aspect and rotation applied.
    var shownSize: (width: Int, height: Int) {
        let aspect = Self.ratio(sample_aspect_ratio) ?? 1
        let wide = Int((Double(width ?? 0) * aspect).rounded())
        let high = height ?? 0
        return isTurned ? (high, wide) : (wide, high)
    }

    /// Whether the brightness is coded for high dynamic range displays (PQ or HLG).
    var isHighDynamicRange: Bool {
        color_transfer == "smpte2084" || color_transfer == "arib-std-b67"
    }

    /// Whether each frame holds two half pictures.
    var isInterlaced: Bool {
        ["tt", "bb", "tb", "bt"].contains(field_order ?? "")
    }
}
