import Application
import Domain
import Glibc
import Synchronization

/// What every run of ffmpeg and ffprobe of this room has in common.
extension FFmpegProgram {
    /// What stands before everything else in a run of ffmpeg.
    static let manners = ["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-y"]

    /// What makes ffmpeg tell four times a second how far it is, on its standard output.
    static let progress = ["-progress", "pipe:1", "-stats_period", "0.25"]

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
            throw meaning(of: error)
        }
    }

    /// What it means that a program did not run to its own end.
    static func meaning(of error: ChildProcessError) -> any Error {
        switch error {
        case .programMissing(let name): MediaError.programMissing(name)
        case .notStarted(let name, let number):
            PortError.unavailable("\(name) could not be started: \(String(cString: strerror(number)))")
        case .stalled(let name): PortError.unavailable("\(name) stopped making progress")
        case .tooSlow(let name): PortError.unavailable("\(name) did not finish in time")
        case .tooTalkative(let name):
            MediaError.programFailed(program: name, reason: "it wrote more than expected")
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
