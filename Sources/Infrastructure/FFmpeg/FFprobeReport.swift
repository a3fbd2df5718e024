import Domain
import FoundationEssentials

/// What ffprobe says about a file, as far as we ask.
struct FFprobeReport: Decodable {
    /// What ffprobe is asked for, as its `-show_entries` takes it: the fields below and no others, since a file
    /// can be full of them.
    static let entries = [
        "format=duration,start_time", "format_tags=major_brand",
        "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,"
            + "field_order,pix_fmt,color_space,color_transfer,color_primaries,channels,duration,nb_frames",
        "stream_disposition=attached_pic,still_image", "stream_tags=language", "stream_side_data=rotation",
    ].joined(separator: ":")

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
    var start: Double { Self.number(format?.start_time) ?? 0 }

    /// The length that the container states, else the longest that a stream states, in seconds.
    var duration: Double? {
        let stated = Self.number(format?.duration).flatMap { $0 > 0 ? $0 : nil }
        return stated ?? streams?.compactMap { Self.number($0.duration) }.max()
    }

    private static func number(_ text: String?) -> Double? {
        text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
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
        let degrees = side_data_list?.compactMap(\.rotation).first ?? 0
        return (degrees / 90).rounded().truncatingRemainder(dividingBy: 2) != 0
    }

    /// The size of the picture as shown, pixel aspect and rotation applied.
    var shownSize: (width: Int, height: Int) {
        let aspect = Self.ratio(sample_aspect_ratio) ?? 1
        let wide = Int(nearest: Double(width ?? 0) * aspect)
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
