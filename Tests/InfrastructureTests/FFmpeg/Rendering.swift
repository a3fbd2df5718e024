import Application
import Domain
import Infrastructure
import Synchronization
import Testing

/// Renders through the front door, and measures what came out with ffmpeg.
struct Rendering {
    let path: String
    let thumbnail: String
    let facts: MediaFacts

    /// Renders `span` of the source and hands what came out to `body`.
    static func of(
        _ source: String, span: TimeSpan? = nil, format: ClipFormat = .vertical, mode: ProcessingMode = .fast,
        words: [Word] = [], template: String? = nil, pictures: PictureTrack? = nil,
        progress: @escaping ProgressReport = { _, _ in }, _ body: (Rendering) async throws -> Void
    ) async throws {
        let facts = try await FFprobeInspector().inspect(path: source)
        let order = RenderOrder(
            sourcePath: source, facts: facts, span: span ?? facts.span, format: format, rank: 1, mode: mode,
            words: words,
            captionTemplate: template,
            pictures: pictures ?? PictureTrack(samples: [], cuts: [], end: facts.duration))
        try await withTemporaryFolder { folder in
            let store = ScratchStore(in: folder)
            let renderer = FFmpegClipRenderer(
                store: store, templates: try FontconfigCaptionCatalog().templates,
                budget: RenderBudget(of: 2))
            let staged = try store.stage(suffix: ".mp4")
            let still = try store.stage(suffix: ".jpg")
            let result = try await renderer.render(order, to: staged, thumbnail: still, progress: progress)
            try await body(Rendering(path: staged.path, thumbnail: still.path, facts: result))
        }
    }

    /// What ffprobe says of every stream, one line each.
    func streams(_ entries: String) async throws -> [String] {
        let result = try await ChildProcesses.shared.run(
            ChildProgram(
                "ffprobe", ["-v", "error", "-of", "csv=p=0", "-show_entries", "stream=\(entries)", path]))
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The integrated loudness in LUFS.
    func loudness() async throws -> Double {
        let result = try await ChildProcesses.shared.run(
            ChildProgram(
                "ffmpeg",
                ["-nostdin", "-nostats", "-i", path, "-af", "ebur128=framelog=verbose", "-f", "null", "-"]))
        let line = result.complaint.split(separator: "\n").last { $0.contains(" I: ") } ?? ""
        return line.split(separator: " ").compactMap { Double($0) }.first ?? .nan
    }

    /// For each frame whose brightness differs from `background` by more than 20 somewhere, the box around that.
    func changes(from background: Int, framesPerSecond: Int = 10) async throws -> [InkBox] {
        let filter =
            "fps=\(framesPerSecond),format=gray,lut=y='abs(val-\(background))',bbox=min_val=20,metadata=print:file=-"
        let result = try await ChildProcesses.shared.run(
            ChildProgram(
                "ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-vf", filter, "-f", "null", "/dev/null"]))
        var boxes: [InkBox] = []
        var values: [String: Double] = [:]
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=")
            guard parts.count == 2, let value = Double(parts[1]) else { continue }
            values[String(parts[0])] = value
            if parts[0] == "lavfi.bbox.h", let x = values["lavfi.bbox.x1"], let y = values["lavfi.bbox.y1"],
                let width = values["lavfi.bbox.w"]
            {
                boxes.append(InkBox(left: x, top: y, right: x + width, bottom: y + value))
            }
        }
        return boxes
    }
}
