import Application
import Domain
import FoundationEssentials
import Infrastructure

/// What a person ordered on the command line, in the words of the use cases.
struct Order: Sendable {
    /// Tells this order from others.
    let id: Identifier<Order>
    /// Where the source comes from.
    let source: VideoTask.Source
    /// Captions that were given with it.
    let captions: Identifier<Upload>?
    /// What is wanted.
    let options: ClipOptions

    /// The order as it is submitted, for the worker of a queue.
    func command(queue: String) -> SubmitVideoTask.Command {
        SubmitVideoTask.Command(source: source, captions: captions, options: options, queue: queue)
    }
}

extension Invocation {
    /// The options of an order.
    ///
    /// - Throws: ``CommandFailure`` that names the flags at fault.
    func clipOptions() throws(CommandFailure) -> ClipOptions {
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

    /// The order, with the captions that go with it received.
    func order(_ options: ClipOptions, _ root: CompositionRoot) async throws -> Order {
        let known = root.catalog.templates.map(\.name)
        if let template = options.captionTemplate, !known.contains(template) {
            let hint = suggestion(for: template, among: known).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure(
                line: "--captions takes none or one of \(known.joined(separator: ", "))\(hint)",
                status: .wrongUsage)
        }
        let source = try source()
        var captions: Identifier<Upload>?
        if let file = try subtitles() {
            guard let bytes = FileManager.default.contents(atPath: file.path) else {
                throw CommandFailure(line: "\(file.path) cannot be read")
            }
            let receive = root.receiveUpload(FFprobeInspector())
            var reception = try receive.begin(
                filename: file.path.split(separator: "/").last.map(String.init) ?? "")
            try bytes.withUnsafeBytes { try reception.append($0) }
            captions = try await receive.finish(reception).id
        }
        return Order(id: root.identifiers.make(), source: source, captions: captions, options: options)
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
