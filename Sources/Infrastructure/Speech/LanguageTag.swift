/// The outer form of BCP 47 tags.
enum LanguageTag {
    /// The primary language of a tag in lower case, `pt` of `pt-BR`; nil of nil.
    static func primary(_ tag: String?) -> String? {
        tag.map { String($0.prefix { $0 != "-" && $0 != "_" }).lowercased() }
    }

    /// A tag from what a recogniser calls a language: a tag already, or its English name.
    static func tag(_ text: String?) -> String? {
        guard let text = text?.lowercased(), !text.isEmpty else { return nil }
        return names[text] ?? (text.utf8.count <= 3 ? text : nil)
    }

    /// English names of languages as Whisper writes them.
    private static let names = [
        "english": "en", "chinese": "zh", "german": "de", "spanish": "es", "russian": "ru", "korean": "ko",
        "french": "fr", "japanese": "ja", "portuguese": "pt", "turkish": "tr", "polish": "pl",
        "catalan": "ca",
        "dutch": "nl", "arabic": "ar", "swedish": "sv", "italian": "it", "indonesian": "id", "hindi": "hi",
        "finnish": "fi", "vietnamese": "vi", "hebrew": "he", "ukrainian": "uk", "greek": "el", "czech": "cs",
        "romanian": "ro", "danish": "da", "hungarian": "hu", "norwegian": "no", "thai": "th", "persian": "fa",
    ]
}
