import Application
import Domain
import Glibc
import Synchronization

/// What every run of ffmpeg and ffprobe has in common.
enum FFmpegProgram {
    /// The containers that are opened, by ffmpeg's names: those that hold video themselves.
    ///
    /// Playlists, manifests and scripts (`hls`, `dash`, `concat`, `sdp` …), which lead to other files and addresses,
    /// are not among them, and neither are pictures, text and raw sound.
    static let containers = [
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "flv", "live_flv", "mpeg",
        "mpegts",
        "asf", "ogg", "mxf", "gxf", "wtv", "dv", "rm", "nut", "ivf", "yuv4mpegpipe", "h264", "hevc", "m4v",
        "mpegvideo", "obu", "vc1", "swf", "nsv", "amv",
    ].joined(separator: ",")

    /// What stands before `-i`: nothing is opened but the file itself, and never by its name's looks.
    static func opening(_ path: String) -> [String] {
        ["-protocol_whitelist", "file", "-format_whitelist", containers, "-i", "file:\(absolute(path))"]
    }

    /// What stands before everything else in a run of ffmpeg.
    static let manners = ["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y"]

    /// What makes ffmpeg tell four times a second how far it is, on its standard output.
    static let progress = ["-progress", "pipe:1", "-stats_period", "0.25"]

    /// `path` from the root, since children start in another folder.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return "\(String(cString: current))/\(path)"
    }

    /// Runs `program` and makes sure that it succeeded.
    ///
    /// - Throws: ``Domain/MediaError`` when trying again would end the same way, ``Application/PortError`` when it
    ///   may help, `CancellationError`.
    @discardableResult
    static func run(
        _ program: ChildProgram, onOutput: ChildProcesses.Listener? = nil,
        onComplaint: ChildProcesses.Listener? = nil
    ) async throws -> ChildResult {
        let result = try await attempt(program, onOutput: onOutput, onComplaint: onComplaint)
        guard result.succeeded else { throw failure(of: program, result) }
        return result
    }

    /// Runs `program`, whose failure the caller looks at.
    static func attempt(
        _ program: ChildProgram, onOutput: ChildProcesses.Listener? = nil,
        onComplaint: ChildProcesses.Listener? = nil
    ) async throws -> ChildResult {
        do {
            return try await ChildProcesses.shared.run(program, onOutput: onOutput, onComplaint: onComplaint)
        } catch let error as ChildProcessError {
            switch error {
            case .programMissing(let name): throw MediaError.programMissing(name)
            case .notStarted(let name, let number):
                throw PortError.unavailable(
                    "\(name) could not be started: \(String(cString: strerror(number)))")
            case .stalled(let name): throw PortError.unavailable("\(name) stopped making progress")
            case .tooSlow(let name): throw PortError.unavailable("\(name) did not finish in time")
            case .tooTalkative(let name):
                throw MediaError.programFailed(program: name, reason: "it wrote more than expected")
            }
        }
    }

    /// What the bad end of a run means.
    static func failure(of program: ChildProgram, _ result: ChildResult) -> any Error {
        if result.complaint.contains("No space left on device") {
            return PortError.full("\(program.name) found no space left on the disk")
        }
        switch result.exit {
        case .signal: return PortError.unavailable("\(program.name) failed: \(result.reason)")
        case .code: return MediaError.programFailed(program: program.name, reason: result.reason)
        }
    }
}

/// Hears how far ffmpeg is from what ``FFmpegProgram/progress`` makes it say.
final class FFmpegProgress: Sendable {
    private struct State {
        var splitter = LineSplitter()
        var seconds = 0.0
    }

    private let state = Mutex(State())
    private let tell: @Sendable (Double) -> Void

    /// - Parameter tell: Called with the seconds that have been written so far.
    init(_ tell: @escaping @Sendable (_ seconds: Double) -> Void = { _ in }) {
        self.tell = tell
    }

    /// How many seconds were written when it was last heard of.
    var seconds: Double { state.withLock { $0.seconds } }

    func hear(_ bytes: UnsafeRawBufferPointer) {
        let newest: Double? = state.withLock { state in
            let times = state.splitter.lines(adding: bytes).compactMap { line in
                line.hasPrefix("out_time_us=") ? Double(line.dropFirst("out_time_us=".count)) : nil
            }
            guard let last = times.last else { return nil }
            state.seconds = max(0, last / 1e6)
            return state.seconds
        }
        if let newest { tell(newest) }
    }
}
