import Application
import Domain
import FoundationEssentials
import Infrastructure

/// What a person ordered on the command line.
struct Order: Sendable {
    private let source: VideoTask.Source
    private let subtitles: (path: String, format: CaptionFileFormat)?
    private let options: ClipOptions

    /// Reads the order and checks all that can be checked before anything is stored.
    ///
    /// - Throws: ``CommandFailure`` that names what is wrong.
    init(_ invocation: Invocation) throws {
        options = try invocation.clipOptions()
        let known = try FontconfigCaptionCatalog().templates.map(\.name)
        if let template = options.captionTemplate, !known.contains(template) {
            let hint = suggestion(for: template, among: known).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure(
                line: "--captions takes none or one of \(known.joined(separator: ", "))\(hint)",
                status: .wrongUsage)
        }
        source = try invocation.source()
        subtitles = try invocation.subtitles()
    }

    /// The order as it is submitted, for the workers of a queue; the captions that go with it are received.
    func command(for queue: String, _ root: CompositionRoot) async throws -> SubmitVideoTask.Command {
        SubmitVideoTask.Command(
            source: source, captions: try await receiveSubtitles(root), options: options, queue: queue)
    }

    private func receiveSubtitles(_ root: CompositionRoot) async throws -> Identifier<Upload>? {
        guard let subtitles else { return nil }
        guard let bytes = FileManager.default.contents(atPath: subtitles.path) else {
            throw CommandFailure(line: "\(subtitles.path) cannot be read")
        }
        let receive = root.receiveUpload
        let name = subtitles.path.split(separator: "/").last.map(String.init) ?? subtitles.path
        var reception = try receive.begin(filename: name, by: .local)
        try bytes.withUnsafeBytes { try reception.append($0) }
        return try await receive.finish(reception).id
    }
}

extension Invocation {
    /// The options of an order.
    ///
    /// - Throws: ``CommandFailure`` that names the flags at fault.
    fileprivate func clipOptions() throws(CommandFailure) -> ClipOptions {
        let template = configuration[Settings.captions]
        do throws(ClipOptionsError) {
            return try ClipOptions(
                count: configuration[Settings.count], minDuration: configuration[Settings.minDuration],
                maxDuration: configuration[Settings.maxDuration], formats: configuration[Settings.formats],
                captionTemplate: template == "none" ? nil : template, topic: configuration[Settings.topic],
                language: configuration[Settings.language], ranges: configuration[Settings.ranges],
                mode: configuration[Settings.mode])
        } catch {
            let lines = error.broken.map { "\($0.flag) \($0.expectationOnCommandLine)" }
            throw CommandFailure(line: lines.joined(separator: "; "), status: .wrongUsage)
        }
    }

    /// Where the source is that the first argument names.
    func source() throws(CommandFailure) -> VideoTask.Source {
        let text = arguments[0]
        if text.contains("://") { return .address(text) }
        return .path(try readable(text))
    }

    /// The caption file that goes with the source.
    func subtitles() throws(CommandFailure) -> (path: String, format: CaptionFileFormat)? {
        guard let file = configuration[Settings.subtitles] else { return nil }
        guard let format = CaptionFileFormat(filename: file) else {
            throw CommandFailure(
                line: "--subtitles takes a .srt, .vtt or .ass file, not \(file)", status: .wrongUsage)
        }
        return (try readable(file), format)
    }

    private func readable(_ path: String) throws(CommandFailure) -> String {
        let manager = FileManager.default
        var isFolder = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure(line: "there is no file \(path)")
        }
        guard !isFolder, manager.isReadableFile(atPath: path) else {
            throw CommandFailure(line: "\(path) cannot be read")
        }
        return path.hasPrefix("/") ? path : manager.currentDirectoryPath + "/" + path
    }
}

extension ClipOptionsError.Rule {
    /// The flag that breaks the rule.
    fileprivate var flag: String {
        switch self {
        case .count: "--count"
        case .minDuration, .durationOrder: "--min"
        case .maxDuration: "--max"
        case .formats: "--format"
        case .captionFont, .captionSize: "--captions"
        case .topic: "--topic"
        case .language: "--language"
        case .rangeCount, .range: "--range"
        }
    }

    /// What was expected, in the words of the command line.
    fileprivate var expectationOnCommandLine: String {
        switch self {
        case .durationOrder: "must not exceed --max"
        default: expectation
        }
    }
}
