import Application
import Domain
import FoundationEssentials
import Glibc
import Synchronization

/// Fetches the video on a page by yt-dlp, which people install themselves.
///
/// It runs without configuration files, plugins, caches and programs of its own, in a scratch folder, with a
/// ``ConnectFilter`` as its only way to the network. It is asked three times: what is there, for the video, and
/// for captions, whose failure costs nothing.
struct YtDlp: Sendable {
    /// The oldest version without known holes.
    private static let oldestVersion = "2026.07.04"

    private let settings: WebSourceSettings
    private let media: any MediaStore
    private let accepted = AcceptedVersion()

    init(settings: WebSourceSettings, media: any MediaStore) {
        self.settings = settings
        self.media = media
    }

    func fetch(_ page: VideoPage, progress: @escaping ProgressReport) async throws -> FetchedSource {
        try await checkVersion()
        let scratch = try media.scratch()
        defer { media.clear(scratch) }
        let filter =
            try settings.pageProxy == nil
            ? ConnectFilter(policy: settings.policy, ports: settings.pagePorts) : nil
        defer { filter?.stop() }
        let proxy = settings.pageProxy ?? "http://127.0.0.1:\(filter?.port ?? 0)"
        let run = Run(
            program: settings.ytDlp, folder: scratch.path, fileLimit: Int(clamping: settings.limitBytes),
            deadline: settings.deadline,
            common: try commonArguments(proxy: proxy, folder: scratch.path), filter: filter)

        progress(0, "looking at the page")
        let video = try await look(at: page, run)
        try check(video)
        try await download(run, progress: progress)
        guard let path = run.files.first(where: { $0.hasPrefix("video.") && !Self.isUnfinished($0) }) else {
            // It skips what is too large without calling that an error.
            throw MediaError.tooLarge(limitBytes: settings.limitBytes)
        }
        let captions = try await fetchCaptions(video.captions, run)
        let file: MediaFile
        do {
            file = try await media.take(StagedFile(path: "\(scratch.path)/\(path)"))
        } catch {
            try? await media.remove(captions.map { [$0.id] } ?? [])
            throw error
        }
        let ending = path.split(separator: ".").last.map { ".\($0)" } ?? ""
        return FetchedSource(
            file: file, filename: (video.title ?? "video").safeFilename + ending, title: video.title,
            captions: captions)
    }

    // MARK: - Steps

    private func look(at page: VideoPage, _ run: Run) async throws -> PageVideo {
        let answer = try await run(
            ["--dump-single-json", "--flat-playlist", "--playlist-items", "1", "--", page.address])
        guard let video = try? JSONDecoder().decode(PageVideo.self, from: Data(answer)) else {
            throw MediaError.programFailed(
                program: "yt-dlp", reason: "what it says about the page is unreadable")
        }
        guard FileManager.default.createFile(atPath: run.infoPath, contents: Data(answer)) else {
            throw PortError.full("no room is left for \(run.infoPath)")
        }
        return video
    }

    private func check(_ video: PageVideo) throws(MediaError) {
        if video.kind == "playlist" || video.kind == "multi_video" {
            throw .addressUnsupported("it leads to several videos; give the address of one")
        }
        if video.isBroadcast { throw .fetchRefused("it is a live broadcast; come back when it has ended") }
        if let duration = video.duration, duration > settings.limitSeconds {
            throw .tooLong(seconds: duration, limit: settings.limitSeconds)
        }
        if let size = video.filesize, size > Double(settings.limitBytes) {
            throw .tooLarge(limitBytes: settings.limitBytes)
        }
    }

    private func download(_ run: Run, progress: @escaping ProgressReport) async throws {
        let reader = Mutex((lines: LineSplitter(), progress: YtDlpProgress(), percent: -1))
        try await run(
            [
                "--load-info-json", run.infoPath, "--format", "bv*+ba/b",
                // The best picture whose shorter side is no longer than asked for.
                "--format-sort", "res:\(settings.pictureSide),fps:60", "--merge-output-format", "mp4/mkv",
                "--max-filesize", "\(settings.limitBytes)", "--output", "video.%(ext)s", "--no-mtime",
                "--newline", "--progress", "--progress-template", YtDlpProgress.template,
            ]
        ) { bytes in
            nonisolated(unsafe) let bytes = bytes  // Nothing of it outlives the call.
            let latest = reader.withLock { reader -> (fraction: Double, bytes: Int64)? in
                guard
                    let latest = reader.lines.lines(adding: bytes).compactMap({ reader.progress.read($0) })
                        .last,
                    Int(latest.fraction * 100) != reader.percent
                else { return nil }
                reader.percent = Int(latest.fraction * 100)
                return latest
            }
            if let latest { progress(latest.fraction, "downloading, \(latest.bytes >> 20) MiB") }
        }
    }

    /// A video without its captions is still a video, so only being cancelled is passed on.
    private func fetchCaptions(_ captions: PageVideo.Captions?, _ run: Run) async throws -> MediaFile? {
        guard let captions else { return nil }
        do {
            try await run([
                "--load-info-json", run.infoPath, "--skip-download", "--output", "captions.%(ext)s",
                captions.isAutomatic ? "--write-auto-subs" : "--write-subs",
                "--sub-langs", captions.language, "--sub-format", "vtt",
            ])
            guard let name = run.files.first(where: { $0.hasPrefix("captions.") && $0.hasSuffix(".vtt") })
            else {
                return nil
            }
            return try await media.take(StagedFile(path: "\(run.folder)/\(name)"))
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }

    // MARK: - How it is run

    private func commonArguments(proxy: String, folder: String) throws -> [String] {
        var arguments = [
            "--ignore-config", "--no-plugin-dirs", "--no-exec", "--no-cache-dir", "--no-playlist",
            "--abort-on-error", "--no-colors", "--restrict-filenames", "--downloader", "native",
            "--proxy", proxy, "--socket-timeout", "30", "--retries", "3", "--fragment-retries", "3",
            "--abort-on-unavailable-fragments", "--paths", folder,
        ]
        if let cookies = settings.cookies {
            // It writes new cookies back; the operator's file stays as it is.
            let copy = "\(folder)/cookies.txt"
            do {
                try FileManager.default.copyItem(atPath: cookies, toPath: copy)
            } catch {
                throw MediaError.programFailed(program: "yt-dlp", reason: "the cookies file cannot be read")
            }
            arguments += ["--cookies", copy]
        }
        return arguments
    }

    private static func isUnfinished(_ name: String) -> Bool {
        name.hasSuffix(".part") || name.hasSuffix(".ytdl") || name.contains(".part-")
            || name.contains(".temp.")
    }

    private func checkVersion() async throws {
        guard let path = ChildProcesses.find(settings.ytDlp) else {
            throw MediaError.programMissing("yt-dlp")
        }
        // Whoever replaces the program has it looked at again.
        var status = stat()
        stat(path, &status)
        let stamp = Int64(status.st_mtim.tv_sec)
        if accepted.stamp.load(ordering: .relaxed) == stamp { return }
        _ = try await Self.checkedVersion(of: path)
        accepted.stamp.store(stamp, ordering: .relaxed)
    }

    /// The version of the yt-dlp at `path`, as it says it.
    ///
    /// - Throws: ``MediaError/programFailed(program:reason:)`` when it is too old or does not run.
    static func checkedVersion(of path: String) async throws -> String {
        let result: ChildResult
        do {
            result = try await ChildProcesses.shared.run(
                ChildProgram(
                    path, ["--ignore-config", "--no-plugin-dirs", "--version"],
                    environment: ["YTDLP_NO_PLUGINS": "1"],
                    limits: ChildLimits(deadline: .seconds(30), output: 4096)))
        } catch let error as ChildProcessError {
            throw MediaError.programFailed(program: "yt-dlp", reason: "\(error)")
        }
        guard result.succeeded else {
            throw MediaError.programFailed(program: "yt-dlp", reason: result.reason)
        }
        let version = String(decoding: result.output, as: UTF8.self).filter { !$0.isWhitespace }
        guard isRecent(version) else {
            throw MediaError.programFailed(
                program: "yt-dlp",
                reason: "version \(version) has known holes; install \(oldestVersion) or later")
        }
        return version
    }

    /// Whether a version such as `2026.07.04` or `2026.7.4.123456` is the oldest accepted one or later.
    private static func isRecent(_ version: String) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0) }
        let oldest = oldestVersion.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 3, let year = numbers[0], let month = numbers[1], let day = numbers[2] else {
            return false
        }
        return (year, month, day) >= (oldest[0], oldest[1], oldest[2])
    }

    /// When the program that was found recent enough was last changed, in seconds since 1970.
    private final class AcceptedVersion: Sendable {
        let stamp = Atomic<Int64>(.min)
    }
}

extension YtDlp {
    /// One fetch's way of running yt-dlp.
    struct Run: Sendable {
        let program: String
        let folder: String
        let fileLimit: Int
        let deadline: Duration
        let common: [String]
        let filter: ConnectFilter?

        var infoPath: String { "\(folder)/info.json" }

        /// User and password in the address of the operator's proxy: nobody else is to read them.
        private var proxyCredentials: Substring? {
            guard let flag = common.firstIndex(of: "--proxy"), let at = common[flag + 1].lastIndex(of: "@")
            else { return nil }
            let proxy = common[flag + 1][..<at]
            return proxy.split(separator: "://", maxSplits: 1).last
        }

        /// The names of the files in its folder, in order.
        var files: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        }

        /// Runs it; returns what it wrote, unless `onOutput` takes that.
        @discardableResult
        func callAsFunction(
            _ arguments: [String], onOutput: ChildProcesses.Listener? = nil
        ) async throws -> [UInt8] {
            let result: ChildResult
            do {
                result = try await ChildProcesses.shared.run(
                    ChildProgram(
                        program, common + arguments,
                        environment: ["YTDLP_NO_PLUGINS": "1", "TMPDIR": folder],
                        folder: folder,
                        limits: ChildLimits(
                            fileSize: fileLimit, deadline: deadline, silence: .seconds(180), output: 32 << 20),
                        network: true, niceness: 5),
                    onOutput: onOutput)
            } catch ChildProcessError.programMissing {
                throw MediaError.programMissing("yt-dlp")
            } catch let error as ChildProcessError {
                throw PortError.unavailable("yt-dlp: \(error)")
            }
            guard result.succeeded else { throw failure(result) }
            return result.output
        }

        private func failure(_ result: ChildResult) -> any Error {
            if let refusal = filter?.refusal { return MediaError.addressRefused(refusal) }
            let complaint = result.complaint.split(separator: "\n").last { $0.hasPrefix("ERROR:") }
            let reason = complaint.map { complaint in
                let text = complaint.dropFirst(6).drop(while: \.isWhitespace).prefix(300)
                return String(proxyCredentials.map { text.replacing($0, with: "…") } ?? text)
            }
            guard let reason else {
                return MediaError.programFailed(program: "yt-dlp", reason: result.reason)
            }
            if reason.contains("No space left") { return PortError.full(reason) }
            if reason.contains("File too large") { return MediaError.tooLarge(limitBytes: Int64(fileLimit)) }
            let passing = [
                "HTTP Error 5", "HTTP Error 429", "timed out", "Connection reset", "Connection refused",
                "Connection aborted", "IncompleteRead", "name resolution", "Tunnel connection failed: 502",
            ]
            return passing.contains(where: reason.contains)
                ? PortError.unavailable("yt-dlp: \(reason)") : MediaError.fetchRefused(reason)
        }
    }
}
