package import Application
import Domain
import Glibc
import Synchronization

/// Writes the log into a file that is begun anew when it is large or old; former ones stand beside it as `.1`, the
/// newest, `.2` and so on, until there are too many of them or they are too old.
///
/// Lines are written at once, each in one call, so that none is missing when the process ends, however it ends. One
/// process has the file: it is locked, since two that rename it would lose each other's lines.
package final class LogFile: LogSink {
    /// How much is kept.
    package struct Limits: Sendable {
        /// How many bytes a file may have before the next one is begun.
        package var size: Int64
        /// How many former files are kept.
        package var files: Int
        /// After which time a former file is removed; the file itself is begun anew every day, or as often as this when
        /// it is shorter.
        package var age: Duration

        package init(size: Int64, files: Int, age: Duration) {
            self.size = size
            self.files = files
            self.age = age
        }
    }

    /// Why a file cannot be written.
    package enum Failure: Error, Hashable, Sendable {
        /// The system refused it, with that `errno`.
        case refused(path: String, errno: Int32)
        /// Another process writes it.
        case taken(path: String)
    }

    private struct State {
        var descriptor: Int32
        var bytes: Int64
        var begunAt: Timestamp
    }

    private let path: String
    private let format: LineFormat
    private let limits: Limits
    private let clock: any WallClock
    private let state: Mutex<State>

    /// Opens the file, which is made where it is missing, or goes on with it.
    package init(_ path: String, format: LineFormat, limits: Limits, clock: any WallClock) throws(Failure) {
        self.path = path
        self.format = format
        self.limits = limits
        self.clock = clock
        state = Mutex(try Self.open(path, now: clock.now()))
        removeOld(at: clock.now())
    }

    deinit {
        _ = state.withLock { close($0.descriptor) }
    }

    package var name: String { "file" }

    package func take(_ record: LogRecord) -> Bool {
        var line = format.line(of: record)
        return state.withLock { state in
            let length = Int64(line.utf8.count)
            if state.bytes > 0, state.bytes + length > limits.size || isOld(state.begunAt, at: record.time) {
                beginAnew(&state, at: record.time)
            }
            let isWritten = line.withUTF8 { bytes in
                Glibc.write(state.descriptor, bytes.baseAddress, bytes.count) == bytes.count
            }
            if isWritten { state.bytes += length }
            return isWritten
        }
    }

    private func isOld(_ begun: Timestamp, at now: Timestamp) -> Bool {
        now - begun >= min(limits.age, .seconds(86_400))
    }

    /// Moves the files on by one place and begins a new one; goes on with the present one where that is not possible.
    private func beginAnew(_ state: inout State, at now: Timestamp) {
        guard access(path, F_OK) == 0 else {
            // Somebody has taken it away: there is nothing to move, only to begin.
            guard let fresh = try? Self.open(path, now: now) else { return }
            close(state.descriptor)
            return state = fresh
        }
        unlink("\(path).\(max(1, limits.files))")
        for place in stride(from: limits.files - 1, to: 0, by: -1) {
            rename("\(path).\(place)", "\(path).\(place + 1)")
        }
        guard rename(path, "\(path).1") == 0, let fresh = try? Self.open(path, now: now) else { return }
        close(state.descriptor)
        state = fresh
        if limits.files == 0 { unlink("\(path).1") }
        removeOld(at: now)
    }

    private func removeOld(at now: Timestamp) {
        var place = 1
        var status = stat()
        while stat("\(path).\(place)", &status) == 0 {
            let last = Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000)
            if place > limits.files || now - last > limits.age { unlink("\(path).\(place)") }
            place += 1
        }
    }

    private static func open(_ path: String, now: Timestamp) throws(Failure) -> State {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .refused(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .taken(path: path)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .refused(path: path, errno: number)
        }
        // Nothing tells when a file was begun; what was written before counts as begun when it was last written.
        let written = Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1000)
        let bytes = Int64(status.st_size)
        return State(descriptor: descriptor, bytes: bytes, begunAt: bytes > 0 ? min(written, now) : now)
    }
}
