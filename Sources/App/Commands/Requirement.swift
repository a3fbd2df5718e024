/// Something that Cutroom needs from the machine, why, and how to get it.
struct Requirement: Sendable {
    /// Its name.
    let name: String
    /// What cannot be done without it.
    let purpose: String
    /// How to get it on Debian.
    let remedy: String
    /// How much depends on it.
    var need = Need.usual

    /// How much depends on something.
    enum Need: Sendable {
        /// Nothing works without it.
        case essential
        /// What most people expect to work does not without it.
        case usual
        /// It adds something.
        case extra
    }

    /// Whether nothing works without it.
    var isEssential: Bool { need == .essential }

    /// The programs that are run.
    static let programs = [
        Requirement(
            name: "ffmpeg", purpose: "cuts, filters and encodes", remedy: "apt-get install ffmpeg",
            need: .essential),
        Requirement(
            name: "ffprobe", purpose: "looks into media files", remedy: "apt-get install ffmpeg",
            need: .essential),
        Requirement(
            name: "pocketsphinx_continuous", purpose: "recognises English without any service",
            remedy: "apt-get install pocketsphinx pocketsphinx-en-us"),
        Requirement(
            name: "whisper-cli", purpose: "recognises many languages well without any service",
            remedy: "build whisper.cpp, and set whisper_model", need: .extra),
        Requirement(
            name: "yt-dlp", purpose: "fetches videos from pages", remedy: "scripts/setup --with-yt-dlp",
            need: .extra),
        Requirement(
            name: "setpriv", purpose: "ends child programs with this one",
            remedy: "apt-get install util-linux"),
        Requirement(
            name: "prlimit", purpose: "limits what child programs take", remedy: "apt-get install util-linux"),
        Requirement(
            name: "unshare", purpose: "keeps child programs off the network",
            remedy: "apt-get install util-linux"),
    ]

    /// The libraries that are linked, by the function that tells their version.
    static let libraries: [(requirement: Requirement, function: String)] = [
        (library("SQLite", "keeps everything", "libsqlite3-0"), "sqlite3_libversion"),
        (library("libcurl", "fetches and calls services", "libcurl4"), "curl_version"),
        (library("libmicrohttpd", "serves HTTP", "libmicrohttpd12"), "MHD_get_version"),
        (library("libwslay", "frames WebSocket messages", "libwslay1"), "wslay_event_context_server_init"),
        (library("GnuTLS", "computes hashes", "libgnutls30"), "gnutls_check_version"),
        (library("Jansson", "reads JSON", "libjansson4"), "jansson_version_str"),
        (library("libass", "measures captions", "libass9"), "ass_library_version"),
        (library("libsodium", "hashes passwords, signs and seals", "libsodium23"), "sodium_version_string"),
        (library("libidn2", "reads international domains", "libidn2-0"), "idn2_check_version"),
        (library("libunistring", "composes characters", "libunistring2"), "u8_normalize"),
        (library("zlib", "packs answers", "zlib1g"), "zlibVersion"),
    ]

    /// The fonts that captions are written with.
    static let fonts = [
        Requirement(
            name: "Inter", purpose: "captions of the built-in templates",
            remedy: "apt-get install fonts-inter"),
        Requirement(
            name: "DejaVu Sans", purpose: "Arabic and other scripts",
            remedy: "apt-get install fonts-dejavu-core"),
        Requirement(
            name: "IPAGothic", purpose: "Japanese and Chinese characters",
            remedy: "apt-get install fonts-ipafont-gothic"),
        Requirement(name: "Symbola", purpose: "emoji", remedy: "apt-get install fonts-symbola"),
    ]

    /// The services that can be set up: what for, and the settings that make one.
    static let services: [(requirement: Requirement, settings: [Setting<String?>])] = [
        (
            service(
                "transcription service", "recognises speech better and faster",
                "transcription_url, transcription_key"),
            [Settings.transcriptionAddress]
        ),
        (
            service("AssemblyAI", "recognises speech and speakers", "assemblyai_url, assemblyai_key"),
            [Settings.assemblyAIAddress, Settings.assemblyAIKey]
        ),
        (
            service(
                "chat service", "chooses better moments and writes titles", "chat_url, chat_model, chat_key"),
            [Settings.chatAddress, Settings.chatModel]
        ),
        (
            service(
                "Gemini", "chooses better moments and writes titles", "gemini_url, gemini_model, gemini_key"),
            [Settings.geminiAddress, Settings.geminiModel, Settings.geminiKey]
        ),
        (
            service(
                "Anthropic", "chooses better moments and writes titles",
                "anthropic_url, anthropic_model, anthropic_key"),
            [Settings.anthropicAddress, Settings.anthropicModel, Settings.anthropicKey]
        ),
    ]

    private static func library(_ name: String, _ purpose: String, _ package: String) -> Requirement {
        Requirement(name: name, purpose: purpose, remedy: "apt-get install \(package)", need: .essential)
    }

    private static func service(_ name: String, _ purpose: String, _ settings: String) -> Requirement {
        Requirement(name: name, purpose: purpose, remedy: "set \(settings)", need: .extra)
    }
}
