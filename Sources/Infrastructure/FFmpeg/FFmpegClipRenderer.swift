package import Application
package import Domain
import Glibc

/// Renders clips with one run of ffmpeg each: cut, reframed, captioned, levelled and encoded in a single graph.
package struct FFmpegClipRenderer: ClipRenderer {
    /// How far the length of a rendered file may be from what was ordered, in frames.
    private static let toleratedFrames = 2.0
    /// How much rendering gives way to requests, and worse clips to better ones: two steps are a third less of a
    /// core that both want (sched(7)).
    private static func niceness(of rank: Int) -> Int { min(19, 3 + 2 * rank) }

    private let store: any MediaStore
    private let templates: [CaptionTemplate]
    private let budget: RenderBudget
    private let tools: FFmpegTools

    /// A renderer.
    ///
    /// - Parameters:
    ///   - store: Where it makes folders for intermediate files.
    ///   - templates: The caption templates that orders can name.
    ///   - budget: How many threads each clip gets.
    ///   - tools: The programs that it runs.
    package init(
        store: any MediaStore, templates: [CaptionTemplate], budget: RenderBudget,
        tools: FFmpegTools = FFmpegTools()
    ) {
        self.store = store
        self.templates = templates
        self.budget = budget
        self.tools = tools
    }

    /// Renders one file to `destination` (MP4: H.264 High, AAC, ready to stream) and checks that it is whole.
    ///
    /// A source without sound gives a clip without a sound track. A thumbnail is a JPEG of the picture a third in.
    package func render(
        _ order: RenderOrder, to destination: StagedFile, thumbnail: StagedFile?,
        progress: @escaping ProgressReport
    ) async throws -> MediaFacts {
        async let measured =
            order.facts.hasAudio
            ? LoudnessMeter(
                path: order.sourcePath, span: order.span, tools: tools,
                niceness: Self.niceness(of: order.rank)
            ).gain() : nil
        let report = try await FFprobeInspector(tools: tools).report(on: order.sourcePath)
        guard let picture = report.picture else { throw MediaError.notMedia("it has no video stream") }
        let folder = try store.scratch()
        defer { store.clear(folder) }
        let target = order.format.size(for: order.facts.size)
        // Loading fonts and measuring text take longer than the pool's few threads can be spared.
        let captions = try await OwnThread.run { _ in
            try writeCaptions(for: order, frame: target, into: folder)
        }
        let settings = EncoderSettings(mode: order.mode, sourceRate: order.facts.frameRate)
        let graph = RenderGraph(
            picture: picture, shown: order.facts.size, target: target,
            plan: Reframer.plan(
                from: order.facts.size, to: target, pictures: order.pictures, span: order.span),
            settings: settings, captions: captions)
        let length = order.span.duration
        let still = thumbnail.map { Still(of: length, settings: settings, path: $0.path) }
        let program = program(
            order, graph: graph, still: still, gain: try await measured, settings: settings, folder: folder,
            destination: destination)
        let heard = FFmpegProgress { seconds in progress(length > 0 ? min(1, seconds / length) : 1, nil) }
        let began = ContinuousClock.now
        try await FFmpegProgram.run(program, onOutput: heard.hear)
        WorkContext.current?.signals.ffmpegRan("render", over: length, for: .now - began)
        let facts = try await check(destination, against: order, size: target, settings: settings)
        guard still?.isWritten ?? true else {
            throw MediaError.programFailed(program: "ffmpeg", reason: "no thumbnail came out")
        }
        return facts
    }

    /// Writes the caption script, if there is anything to show.
    ///
    /// - Returns: Its name in `folder`.
    private func writeCaptions(for order: RenderOrder, frame: PictureSize, into folder: ScratchFolder) throws
        -> String?
    {
        guard let name = order.captionTemplate, !order.words.isEmpty else { return nil }
        guard let chosen = templates.first(where: { $0.name == name }) ?? templates.first else { return nil }
        let template = chosen.applying(order.captionChanges)
        let layout = CaptionLayout(template: template, frame: frame, measurer: try LibassMeasurer())
        let pages = try layout.pages(for: order.words, in: order.span)
        guard !pages.isEmpty else { return nil }
        let file = "captions.ass"
        let script = CaptionScript.script(pages, template: template, frame: frame)
        try TextFile.write(script, to: "\(folder.path)/\(file)")
        return file
    }

    private func program(
        _ order: RenderOrder, graph: RenderGraph, still: Still?, gain: Double?, settings: EncoderSettings,
        folder: ScratchFolder, destination: StagedFile
    ) -> ChildProgram {
        let length = order.span.duration
        var filters = graph.filters + (still?.filters ?? "[picture]")
        var sound: [String] = []
        if let gain {
            // Sound that ends before the picture does is followed by silence; edges are softened against clicks.
            filters +=
                ";[0:a:0]\(LoudnessMeter.form),\(LoudnessMeter.levelling(by: gain)),apad=whole_dur=\(FFmpegProgram.number(length)),"
                + "afade=t=in:d=0.02,afade=t=out:st=\(FFmpegProgram.number(max(0, length - 0.05))):d=0.05[sound]"
            sound = ["-map", "[sound]"] + EncoderSettings.sound
        }
        // Half a second more is read than is needed, since filters look ahead.
        let input = [
            "-threads", "\(budget.threadsPerClip)", "-ss", FFmpegProgram.number(order.span.start),
            "-t", FFmpegProgram.number(length + 0.5),
        ]
        let output = [
            "-t", FFmpegProgram.number(length), "-map_metadata", "-1", "-map_chapters", "-1", "-movflags",
            "+faststart", "-f",
            "mp4",
            "file:\(FFmpegProgram.absolute(destination.path))",
        ]
        return ChildProgram(
            tools.ffmpeg,
            FFmpegProgram.manners + FFmpegProgram.progress + input + FFmpegProgram.opening(order.sourcePath)
                + ["-filter_complex", filters] + (still?.output ?? []) + ["-map", "[picture]"]
                + settings.arguments(threads: budget.threadsPerClip) + sound + output,
            folder: FFmpegProgram.absolute(folder.path),
            limits: ChildLimits(
                memory: 8 << 30, fileSize: 8 << 30, deadline: .seconds(60 + 120 * length),
                silence: tools.patience),
            niceness: Self.niceness(of: order.rank))
    }

    /// Makes sure that what was rendered is what was ordered.
    private func check(
        _ destination: StagedFile, against order: RenderOrder, size: PictureSize, settings: EncoderSettings
    ) async throws -> MediaFacts {
        func fail(_ reason: String) -> MediaError { .programFailed(program: "ffmpeg", reason: reason) }
        let report = try await FFprobeInspector(tools: tools).report(on: destination.path)
        guard let picture = report.picture, let duration = report.duration else {
            throw fail("no picture came out")
        }
        let facts = FFprobeInspector.facts(report, picture, duration: duration)
        guard facts.size == size else {
            throw fail("\(facts.width)×\(facts.height) pixels came out, not \(size.width)×\(size.height)")
        }
        guard facts.hasAudio == order.facts.hasAudio else { throw fail("the sound is missing") }
        let difference = abs(facts.duration - order.span.duration)
        guard difference <= Self.toleratedFrames * settings.frameDuration + 0.03 else {
            throw fail("\(facts.duration) s came out, not \(order.span.duration) s")
        }
        return facts
    }
}
