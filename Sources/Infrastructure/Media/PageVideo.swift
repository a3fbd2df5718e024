/// What yt-dlp finds out about the video on a page, as far as we ask.
struct PageVideo: Decodable, Equatable {
    /// A caption track to take along.
    struct Captions: Equatable {
        let language: String
        /// Whether a machine wrote them.
        let isAutomatic: Bool
    }

    let kind: String?
    let title: String?
    let duration: Double?
    let liveStatus: String?
    let language: String?
    let filesize: Double?
    let captionLanguages: [String]
    let automaticLanguages: [String]

    private enum CodingKeys: String, CodingKey {
        case kind = "_type"
        case title, duration, language, subtitles
        case filesize = "filesize_approx"
        case liveStatus = "live_status"
        case isLive = "is_live"
        case automaticCaptions = "automatic_captions"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decodeIfPresent(String.self, forKey: .kind)
        // Extractors are not strict about these, and none is worth failing for.
        title = try? values.decodeIfPresent(String.self, forKey: .title)
        duration = try? values.decodeIfPresent(Double.self, forKey: .duration)
        filesize = try? values.decodeIfPresent(Double.self, forKey: .filesize)
        language = try? values.decodeIfPresent(String.self, forKey: .language)
        let isLive = (try? values.decodeIfPresent(Bool.self, forKey: .isLive)) == true
        liveStatus = isLive ? "is_live" : try? values.decodeIfPresent(String.self, forKey: .liveStatus)
        captionLanguages = Self.languages(in: values, .subtitles)
        automaticLanguages = Self.languages(in: values, .automaticCaptions)
    }

    private static func languages(in values: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys)
        -> [String]
    {
        let tracks = try? values.nestedContainer(keyedBy: Language.self, forKey: key)
        // What goes into a pattern of yt-dlp must have no meaning there; "live_chat" is no language.
        return (tracks?.allKeys ?? []).map(\.stringValue).sorted().filter { name in
            name != "live_chat"
                && name.utf8.allSatisfy { letter in
                    letter == UInt8(ascii: "-") || letter == UInt8(ascii: "_")
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter)
                        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter)
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
                }
        }
    }

    private struct Language: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Whether it is being sent right now, or will be.
    var isBroadcast: Bool { liveStatus == "is_live" || liveStatus == "is_upcoming" }

    /// The captions in the language that is spoken: those that people wrote, else the machine's own; never a
    /// translation.
    var captions: Captions? {
        if let spoken = language.map({ $0.split(separator: "-")[0] }) ?? onlyLanguage {
            let written =
                captionLanguages.first { $0 == language }
                ?? captionLanguages.first { $0 == spoken || $0.hasPrefix(spoken + "-") }
            if let written { return Captions(language: written, isAutomatic: false) }
        }
        // Where there are translations too, "-orig" marks what was heard.
        return automaticLanguages.first { $0.hasSuffix("-orig") }
            .map { Captions(language: $0, isAutomatic: true) }
    }

    private var onlyLanguage: Substring? {
        captionLanguages.count == 1 ? captionLanguages[0][...] : nil
    }
}
