import Application
package import Domain
import Glibc
import Synchronization

/// Looks into media files with ffprobe, under tight limits, since anybody can hand in anything.
package struct FFprobeInspector: MediaInspector {
    /// Caption codecs that hold text; the others hold pictures of text.
    private static let textCodecs: Set<String> = [
        "subrip", "srt", "mov_text", "ass", "ssa", "webvtt", "text", "subviewer", "subviewer1", "microdvd",
        "sami",
        "realtext", "jacosub", "mpl2", "pjs", "vplayer", "stl",
    ]
    /// Brands of the MP4 family that mark a still picture (HEIF, AVIF).
    private static let stillBrands: Set<String> = ["avif", "heic", "heix", "mif1", "heim", "heis", "jpeg"]

    private let tools: FFmpegTools

    /// An inspector.
    package init(tools: FFmpegTools = FFmpegTools()) {
        self.tools = tools
    }

    /// A busy machine may need longer than the ten seconds of work that any file is worth.
    private var limits: ChildLimits {
        ChildLimits(
            processorSeconds: 10, memory: 512 << 20, fileSize: 1 << 20, deadline: tools.glance,
            output: 1 << 20)
    }

    /// What the file at `path` is.
    ///
    /// - Throws: ``Domain/MediaError/notMedia(_:)`` for anything but a video, ``Domain/MediaError/tooComplex(_:)``
    ///   for one beyond ``Domain/MediaLimits``, ``Domain/MediaError/truncated`` when it breaks off before it says
    ///   what is in it.
    package func inspect(path: String) async throws -> MediaFacts {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw MediaError.notMedia("there is no such file")
        }
        guard status.st_size > 0 else { throw MediaError.notMedia("the file is empty") }
        let report = try await report(on: path)
        guard let picture = report.picture else { throw MediaError.notMedia("it has no video stream") }
        if report.isStillPicture(brands: Self.stillBrands) {
            throw MediaError.notMedia("it is a still picture")
        }
        let streams = report.streams?.count ?? 0
        guard streams <= MediaLimits.mostStreams else {
            throw MediaError.tooComplex("\(streams) streams, at most \(MediaLimits.mostStreams) are taken")
        }
        let size = picture.shownSize
        guard min(size.width, size.height) >= MediaLimits.smallestSide else {
            throw MediaError.tooComplex(
                "\(size.width)×\(size.height) pixels, at least \(MediaLimits.smallestSide) a side are shown")
        }
        guard max(size.width, size.height, picture.width ?? 0) <= MediaLimits.largestSide else {
            throw MediaError.tooComplex(
                "\(size.width)×\(size.height) pixels, at most \(MediaLimits.largestSide) a side are decoded")
        }
        let duration = try await realDuration(of: path, report)
        return Self.facts(report, picture, duration: duration)
    }

    /// What was found, in the Domain's words.
    static func facts(_ report: FFprobeReport, _ picture: FFprobeReport.Stream, duration: Double)
        -> MediaFacts
    {
        let frameRate =
            FFprobeReport.Stream.ratio(picture.avg_frame_rate)
            ?? FFprobeReport.Stream.ratio(picture.r_frame_rate)
        return MediaFacts(
            duration: duration, width: picture.shownSize.width, height: picture.shownSize.height,
            frameRate: frameRate ?? 0, videoCodec: picture.codec_name, audioCodec: report.sound?.codec_name,
            captions: (report.streams ?? []).compactMap { stream in
                guard stream.codec_type == "subtitle", let codec = stream.codec_name,
                    textCodecs.contains(codec)
                else { return nil }
                return .init(
                    index: stream.index,
                    language: stream.tags?["language"].flatMap { $0 == "und" ? nil : $0 },
                    codec: codec)
            }, isCutOff: report.duration.map { duration < $0 } ?? false)
    }

    /// ffprobe's account of the file at `path`.
    func report(on path: String) async throws -> FFprobeReport {
        let program = ChildProgram(
            tools.ffprobe,
            ["-hide_banner", "-v", "error", "-of", "json", "-show_entries", FFprobeReport.entries]
                + FFmpegProgram.opening(path),
            limits: limits)
        let result: ChildResult
        do {
            result = try await ChildProcesses.shared.run(program)
        } catch ChildProcessError.tooTalkative {
            throw MediaError.tooComplex("there is too much in it to be told")
        } catch let error as ChildProcessError {
            throw FFmpegProgram.meaning(of: error)
        }
        guard result.succeeded, let report = try? FFprobeReport(json: result.output) else {
            if case .signal = result.exit { throw MediaError.tooComplex("looking into it took too much") }
            if result.complaint.contains("moov atom not found") && Self.looksLikeMP4(path) {
                throw MediaError.truncated
            }
            throw MediaError.notMedia("no video container was recognised")
        }
        return report
    }

    /// Whether the file begins as an MP4 or QuickTime file does: with a `ftyp` box.
    private static func looksLikeMP4(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 8)
        return read(descriptor, &head, 8) == 8 && head[4...] == ArraySlice("ftyp".utf8)
    }

    /// How long it really is: what is stated, when the file still holds something at that time; else what
    /// reading it through, without decoding, comes to.
    private func realDuration(of path: String, _ report: FFprobeReport) async throws -> Double {
        let stated = report.duration
        if let stated, try await holdsPackets(path, from: report.start, until: report.start + stated) {
            return stated
        }
        let progress = FFmpegProgress()
        let program = ChildProgram(
            tools.ffmpeg,
            FFmpegProgram.manners + FFmpegProgram.progress + FFmpegProgram.opening(path)
                + ["-map", "0:V:0", "-c", "copy", "-f", "null", "/dev/null"],
            limits: ChildLimits(memory: 1 << 30, deadline: .seconds(120), silence: tools.glance))
        guard try await endsInTime(program, onOutput: progress.hear) else {
            throw MediaError.tooComplex("reading it through takes too long")
        }
        let found = progress.seconds
        // A file that states a length and holds next to nothing of it is cut off, not empty.
        guard found > 0 || stated ?? 0 >= MediaLimits.leastDuration else {
            throw MediaError.notMedia("its video stream is empty")
        }
        return min(found, stated ?? found)
    }

    /// Whether the last seconds that a file claims to have are really there, in times of its own clock.
    ///
    /// False too where finding out takes too long, as in a large file without an index.
    private func holdsPackets(_ path: String, from start: Double, until end: Double) async throws -> Bool {
        let program = ChildProgram(
            tools.ffprobe,
            [
                "-hide_banner", "-v", "error", "-of", "csv=p=0", "-select_streams", "V:0", "-show_entries",
                "packet=pts_time", "-read_intervals", "\(FFmpegProgram.number(max(start, end - 5)))%",
            ] + FFmpegProgram.opening(path), limits: limits)
        // The seek lands on the key picture before, which may be the very first: what counts is whether the
        // end was reached.
        let heard = Mutex((lines: LineSplitter(), last: -Double.infinity))
        let ended = try await endsInTime(program) { bytes in
            heard.withLock { heard in
                for line in heard.lines.lines(adding: bytes) {
                    guard let time = line.split(separator: ",").first.flatMap({ Double($0) }) else {
                        continue
                    }
                    heard.last = max(heard.last, time)
                }
            }
        }
        return ended && heard.withLock { $0.last } >= end - max(1, 0.05 * (end - start))
    }

    /// Runs `program`, however that ends; false when it was stopped because it took too long.
    private func endsInTime(_ program: ChildProgram, onOutput: @escaping ChildProcesses.Listener) async throws
        -> Bool
    {
        do {
            _ = try await ChildProcesses.shared.run(program, onOutput: onOutput)
            return true
        } catch ChildProcessError.tooSlow {
            return false
        } catch let error as ChildProcessError {
            throw FFmpegProgram.meaning(of: error)
        }
    }
}

extension FFprobeReport {
    /// Whether this is a picture in a video container: of a brand for stills, or one frame that lasts no time.
    fileprivate func isStillPicture(brands: Set<String>) -> Bool {
        if let brand = format?.tags?["major_brand"], brands.contains(brand.filter { $0 != " " }) {
            return true
        }
        if picture?.disposition?.still_image == 1 { return true }
        return picture?.nb_frames == "1" && (duration ?? 0) < 0.001
    }
}
