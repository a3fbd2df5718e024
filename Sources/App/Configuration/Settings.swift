import Application
import Domain
import Presentation

/// Every setting there is, by area.
///
/// What stands here once is a flag, a variable, a key of the file, a line
/// of the help and a row of `cutroom config`.
enum Settings {
    /// What every command takes.
    static let general: [SettingDeclaration] = [
        data.declaration, configurationFile.declaration, logFormat.declaration, logLevel.declaration,
    ]
    /// What the service is told, by the commands that run it or a part of it.
    static let service: [SettingDeclaration] =
        serverSettings + encryptionSettings + threatSettings + textSettings + accountSettings + limitSettings
        + work
        + sources
        + recognition + finding
    /// What a person orders.
    static let order: [SettingDeclaration] = [
        count.declaration, minDuration.declaration, maxDuration.declaration, formats.declaration,
        captions.declaration, subtitles.declaration, topic.declaration, ranges.declaration,
        language.declaration, mode.declaration, out.declaration,
    ]
    /// All of them.
    static let all =
        general + service + order + [transcriptFormat.declaration, admin.declaration, json.declaration]

    /// Variables with the prefix of ours that are no settings of the program.
    static let otherVariables: Set<String> = ["CUTROOM_STRICT", "CUTROOM_TEST_SLOW"]
}

// MARK: - General

extension Settings {
    static let data = Setting<String>.text(
        "data", "DIR", default: "~/.local/share/cutroom", "Where the database and all files are kept")
    static let configurationFile = Setting<String?>.optionalText(
        "config", "FILE", "A JSON object with settings by name")
    static let logFormat = Setting.choice(
        "log_format", default: LogFormat.auto, "How log lines look; auto is text on a terminal")
    static let logLevel = Setting.choice("log_level", default: LogLevel.info, "The least severe line to log")
    static let json = Setting.toggle("json", "Print JSON for programs instead of text for people")

    /// How log lines look.
    enum LogFormat: String, CaseIterable, Sendable { case auto, text, json }
}

// MARK: - Server and work

extension Settings {
    static let port = Setting.integer(
        "port", 0...65535, default: 8080, "The port to serve on; 0 takes any free one")
    static let bind = Setting<HTTPServerConfiguration.Address>(
        "bind", "ADDRESS", default: ["127.0.0.1"],
        "The IP address to serve on; other than loopback with accounts only"
    ) { values throws(SettingError) in
        if values.last == "localhost" { return .ipv4Loopback }
        guard let address = HTTPServerConfiguration.Address(values.last ?? "") else {
            throw SettingError(expectation: "must be an IP address of this machine, such as 127.0.0.1 or ::1")
        }
        return address
    }
    static let hosts = Setting.list(
        "hosts", "HOST,…", "Names under which others reach the server, without a port")
    static let uploadLimit = Setting.bytes("upload_limit", default: "12GiB", "The largest upload")
    static let connectionLimit = Setting.integer(
        "connection_limit", 16...1_000_000, default: 12_000, "How many connections are served at once")
    static let corsOrigins = Setting.list(
        "cors_origins", "ORIGIN,…", "Web origins whose pages may call the API; none by default")
    static let workers = Setting.integer(
        "workers", 0...64, default: 1, "How many jobs run at once in this process; 0 only serves")
    static let cpuBudget = Setting.integer(
        "cpu_budget", 0...1024, unit: "cores", default: 0,
        "How many cores rendering may use; 0 is all of them")

    private static let serverSettings: [SettingDeclaration] = [
        port.declaration, bind.declaration, hosts.declaration, uploadLimit.declaration,
        connectionLimit.declaration, corsOrigins.declaration,
    ]
    private static let work: [SettingDeclaration] = [workers.declaration, cpuBudget.declaration]
}

// MARK: - Sources

extension Settings {
    static let allowAddresses = Setting.networks(
        "allow_addresses",
        "Inside networks that addresses of sources and webhooks may lead to; none by default")
    static let sourceDurationLimit = Setting.duration(
        "source_duration_limit", default: "4h", "The longest source")
    static let programs = Setting.list(
        "programs", "DIR,…",
        "Folders where programs (ffmpeg, ffprobe, pocketsphinx …) are looked for before PATH")
    static let ytDlp = Setting.text(
        "yt_dlp", "PROGRAM", default: "yt-dlp", "Fetches videos from pages; optional")
    static let ytDlpHosts = Setting.list(
        "yt_dlp_hosts", "HOST,…",
        default: ["youtube.com", "youtu.be", "vimeo.com", "dailymotion.com", "twitch.tv", "ted.com"],
        "Hosts whose pages are handed to yt-dlp, subdomains included")
    static let ytDlpCookies = Setting.optionalText("yt_dlp_cookies", "FILE", "A cookies file for yt-dlp")
    static let ytDlpProxy = Setting.serviceAddress(
        "yt_dlp_proxy", "A proxy for yt-dlp, which must check addresses itself")
    static let fontFolder = Setting.optionalText(
        "fonts", "DIR", "A folder of fonts beside those of the system")

    private static let sources: [SettingDeclaration] = [
        allowAddresses.declaration, sourceDurationLimit.declaration, programs.declaration,
        ytDlp.declaration, ytDlpHosts.declaration, ytDlpCookies.declaration, ytDlpProxy.declaration,
        fontFolder.declaration,
    ]
}

// MARK: - Recognition

extension Settings {
    /// The ways to get a transcript.
    enum TranscriberName: String, CaseIterable, Sendable {
        case captions, openai, assemblyai, whisper, pocketsphinx
    }

    static let transcribers = Setting.choices(
        "transcribers", default: TranscriberName.allCases,
        "Which transcribers are asked, the first that has an answer counts"
    ).adjustable(.restart)
    static let transcriptionAddress = Setting.serviceAddress(
        "transcription_url", "Base of an OpenAI-compatible transcription service, up to and with /v1"
    ).adjustable(.restart)
    static let transcriptionModel = Setting.text(
        "transcription_model", "NAME", default: "whisper-1", "The model of that service"
    ).adjustable(.restart)
    static let transcriptionKey = Setting.secret("transcription_key", "The key of that service").adjustable(
        .restart)
    static let assemblyAIAddress = Setting.serviceAddress("assemblyai_url", "Base of AssemblyAI's API")
        .adjustable(.restart)
    static let assemblyAIKey = Setting.secret("assemblyai_key", "The key of AssemblyAI").adjustable(.restart)
    static let whisperModel = Setting.optionalText("whisper_model", "FILE", "The model of whisper.cpp")

    private static let recognition: [SettingDeclaration] = [
        transcribers.declaration, transcriptionAddress.declaration, transcriptionModel.declaration,
        transcriptionKey.declaration, assemblyAIAddress.declaration, assemblyAIKey.declaration,
        whisperModel.declaration,
    ]
}

// MARK: - Finding

extension Settings {
    /// The ways to find highlights.
    enum FinderName: String, CaseIterable, Sendable {
        case openai, gemini, anthropic, offline
    }

    static let finders = Setting.choices(
        "finders", default: FinderName.allCases,
        "Which finders are asked; the offline one always answers and ends the list"
    ).adjustable(.restart)
    static let chatAddress = Setting.serviceAddress(
        "chat_url", "Base of an OpenAI-compatible chat service, up to and with /v1"
    ).adjustable(.restart)
    static let chatModel = Setting.optionalText("chat_model", "NAME", "The model of that service").adjustable(
        .restart)
    static let chatKey = Setting.secret("chat_key", "The key of that service").adjustable(.restart)
    static let geminiAddress = Setting.serviceAddress("gemini_url", "Base of Gemini's API").adjustable(
        .restart)
    static let geminiModel = Setting.optionalText("gemini_model", "NAME", "The model of Gemini").adjustable(
        .restart)
    static let geminiKey = Setting.secret("gemini_key", "The key of Gemini").adjustable(.restart)
    static let anthropicAddress = Setting.serviceAddress("anthropic_url", "Base of Anthropic's API")
        .adjustable(.restart)
    static let anthropicModel = Setting.optionalText("anthropic_model", "NAME", "The model of Anthropic")
        .adjustable(.restart)
    static let anthropicKey = Setting.secret("anthropic_key", "The key of Anthropic").adjustable(.restart)

    private static let finding: [SettingDeclaration] = [
        finders.declaration, chatAddress.declaration, chatModel.declaration, chatKey.declaration,
        geminiAddress.declaration, geminiModel.declaration, geminiKey.declaration,
        anthropicAddress.declaration, anthropicModel.declaration, anthropicKey.declaration,
    ]
}

// MARK: - Orders

extension Settings {
    /// How a transcript is written.
    enum TranscriptFormat: String, CaseIterable, Sendable { case srt, vtt, txt, json }

    static let count = Setting.integer(
        "count", ClipOptions.countRange, unit: "clips", default: 3, "How many clips are wanted")
    static let minDuration = Setting.number(
        "min", ClipOptions.minDurationRange, unit: "seconds", default: 15, "The least length of a clip")
    static let maxDuration = Setting.number(
        "max", ClipOptions.maxDurationRange, unit: "seconds", default: 60, "The greatest length of a clip")
    static let formats = Setting.choices("format", default: [ClipFormat.vertical], "The shapes to render")
    static let captions = Setting.text(
        "captions", "TEMPLATE|none", default: "default", "The caption template, or none for no captions")
    static let subtitles = Setting.optionalText(
        "subtitles", "FILE", "What is said, as SRT, VTT or ASS; nothing is recognised then")
    static let topic = Setting.optionalText("topic", "TEXT", "What the clips should be about")
    static let ranges = Setting<[TimeSpan]>(
        "range", "0:12-0:48", default: [], isList: true,
        "A span chosen by hand, again for each clip; nothing is searched then"
    ) { values throws(SettingError) in
        var spans: [TimeSpan] = []
        for value in values where !value.isEmpty {
            let ends = value.split(separator: "-", omittingEmptySubsequences: false).map {
                secondCount(String($0))
            }
            guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else {
                throw SettingError(expectation: "must be a start and a later end such as 0:12-0:48")
            }
            spans.append(TimeSpan(start: start, end: end))
        }
        return spans
    }
    static let language = Setting.optionalText(
        "language", "TAG", "The spoken language as a BCP 47 tag such as en; found out when not given")
    static let mode = Setting.choice(
        "mode", default: ProcessingMode.balanced, "How much work goes into a clip")
    static let out = Setting.optionalText(
        "out", "DIR", "Where the clips are put; without it they stay in the data folder")
    static let transcriptFormat = Setting.choice(
        "as", default: TranscriptFormat.txt, "How the transcript is written")
}
