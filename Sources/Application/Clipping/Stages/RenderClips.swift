import Domain
import Synchronization

/// The last stage: renders each highlight in each format and announces each clip as soon as it is whole.
struct RenderClips: Sendable {
    let media: any MediaStore
    let renderer: any ClipRenderer
    let identifiers: IdentifierMaker
    /// Shared by all tasks of this process, so that no more is rendered at once than the machine can bear.
    let budget: Budget

    /// Everything that the clips of one task are made of.
    struct Material: Sendable {
        let task: VideoTask
        let source: SourceVideo
        let path: String
        let transcript: Transcript
        let pictures: PictureTrack
        let analysis: Analysis
        /// The ranks that are rendered already.
        let done: Set<Int>
        /// Whether no other attempt follows a failed one: what may pass then is a clip's outcome too.
        let isLastTry: Bool
    }

    /// What an attempt may still do, while others may have taken its place.
    struct Standing: Sendable {
        /// Throws when the attempt has lost its right to write files under the clips' names.
        let requireHold: @Sendable () throws -> Void
        /// Records a clip; throws when the attempt has lost its right to.
        let announce: @Sendable (Clip) async throws -> Void
        /// Whether the task was removed: nobody else will ever replace or remove its files then.
        let isGone: @Sendable () -> Bool
    }

    /// Renders what is missing.
    ///
    /// - Throws: What ends the attempt. A clip that cannot be rendered is announced as failed instead; one that
    ///   fails for now is thrown when all others are done.
    func callAsFunction(
        _ material: Material, by standing: Standing, progress: @escaping ProgressReport
    ) async throws {
        let options = material.task.options
        let total = material.analysis.highlights.count
        let parts = Parts(count: total * options.formats.count, progress: progress)
        let passing = try await withThrowingTaskGroup(of: PortError?.self) { group in
            for (index, highlight) in material.analysis.highlights.enumerated() {
                guard !material.done.contains(index + 1) else {
                    for part in 0..<options.formats.count {
                        parts.report(index * options.formats.count + part, 1)
                    }
                    continue
                }
                group.addTask {
                    let files = (0...options.formats.count).map {
                        Clip.file(of: material.task.id, rank: index + 1, part: $0)
                    }
                    do {
                        let clip = try await render(
                            highlight, rank: index + 1, of: material, into: files, by: standing
                        ) { part, fraction in
                            parts.report(index * options.formats.count + part, fraction)
                        }
                        try await standing.announce(clip)
                        if clip.renditions.isEmpty { try? await media.remove(files) }
                        return nil
                    } catch let failure as PortError where failure.mayPass {
                        return failure
                    } catch {
                        // A later attempt may have written the same files by now: they stay, unless nobody is
                        // left to whom they could belong.
                        if standing.isGone() { try? await media.remove(files) }
                        throw error
                    }
                }
            }
            return try await group.reduce(nil) { $0 ?? $1 }
        }
        if let passing { throw passing }
    }

    /// One clip in all formats; a failure that is the clip's own becomes its outcome.
    private func render(
        _ highlight: Highlight, rank: Int, of material: Material, into files: [Identifier<MediaFile>],
        by standing: Standing,
        progress: @escaping @Sendable (_ part: Int, _ fraction: Double) -> Void
    ) async throws -> Clip {
        let id: Identifier<Clip> = identifiers.make()
        let outcome: Clip.Outcome
        do {
            var renditions: [Clip.Rendition] = []
            var thumbnail: MediaFile?
            for (part, format) in material.task.options.formats.enumerated() {
                let order = RenderOrder(
                    sourcePath: material.path, facts: material.source.facts, span: highlight.span,
                    format: format, rank: rank, mode: material.task.options.mode,
                    words: material.transcript.words(in: highlight.span),
                    captionTemplate: material.task.options.captionTemplate,
                    captionChanges: material.task.options.captionChanges, pictures: material.pictures)
                let rendered = try await budget.run {
                    try await render(
                        order, as: files[part + 1], thumbnail: part == 0 ? files[0] : nil, by: standing
                    ) { fraction, _ in
                        progress(part, fraction)
                    }
                }
                renditions.append(rendered.rendition)
                thumbnail = thumbnail ?? rendered.thumbnail
                progress(part, 1)
            }
            guard let thumbnail else { throw PortError.corrupt("options without a format") }
            outcome = .rendered(renditions, thumbnail: thumbnail)
        } catch {
            guard !error.endsTheAttempt, !Task.isCancelled else { throw error }
            if let failure = error as? PortError, failure.mayPass, !material.isLastTry { throw failure }
            outcome = .failed(TaskFailure(error, stage: .rendering))
        }
        return Clip(id: id, task: material.task.id, rank: rank, highlight: highlight, outcome: outcome)
    }

    private func render(
        _ order: RenderOrder, as id: Identifier<MediaFile>, thumbnail: Identifier<MediaFile>?,
        by standing: Standing, progress: @escaping ProgressReport
    ) async throws -> (rendition: Clip.Rendition, thumbnail: MediaFile?) {
        let video = try media.stage(suffix: ".mp4")
        var still: (id: Identifier<MediaFile>, file: StagedFile)?
        do {
            still = try thumbnail.map { id in (id, try media.stage(suffix: ".jpg")) }
            let facts = try await renderer.render(
                order, to: video, thumbnail: still?.file, progress: progress)
            try standing.requireHold()
            let rendition = Clip.Rendition(
                format: order.format, file: try await media.take(video, as: id), size: facts.size,
                duration: facts.duration)
            guard let still else { return (rendition, nil) }
            try standing.requireHold()
            return (rendition, try await media.take(still.file, as: still.id))
        } catch {
            media.discard(video)
            if let still { media.discard(still.file) }
            throw error
        }
    }
}

/// Adds the fractions of pieces of work that run side by side into one.
private final class Parts: Sendable {
    private let fractions: Mutex<[Double]>
    private let progress: ProgressReport

    init(count: Int, progress: @escaping ProgressReport) {
        fractions = Mutex(Array(repeating: 0, count: count))
        self.progress = progress
    }

    func report(_ part: Int, _ fraction: Double) {
        let (sum, count, done) = fractions.withLock { fractions in
            fractions[part] = max(fractions[part], fraction)
            return (fractions.reduce(0, +), fractions.count, fractions.count { $0 >= 1 })
        }
        progress(count == 0 ? 1 : sum / Double(count), "rendered \(done) of \(count)")
    }
}

extension PortError {
    /// Whether another attempt may meet something better.
    fileprivate var mayPass: Bool {
        if case .unavailable = self { true } else { false }
    }
}

extension TaskFailure {
    /// What a failure becomes for the person who ordered.
    init(_ error: any Error, stage: Stage?) {
        switch error {
        case let error as any CodedError:
            self.init(code: error.code, message: error.explanation, stage: stage)
        case PortError.unavailable(let reason, _):
            self.init(code: "unavailable", message: reason, stage: stage)
        case PortError.full(let reason):
            self.init(code: "storage_full", message: reason, stage: stage)
        case PortError.corrupt(let reason):
            self.init(code: "corrupt", message: reason, stage: stage)
        default:
            self.init(code: "internal", message: "Something unforeseen happened: \(error)", stage: stage)
        }
    }
}
