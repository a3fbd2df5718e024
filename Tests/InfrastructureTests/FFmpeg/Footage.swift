import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import Testing

/// Videos made by ffmpeg for tests, each once for all tests that use it.
enum Footage {
    /// The path of a video made by `ffmpeg arguments… file`; the file's name ends in `.suffix`.
    static func make(_ arguments: [String], suffix: String = "mp4") async throws -> String {
        let name = "\(arguments.joined(separator: " ").stableHash).\(suffix)"
        let path = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: path) { return path }
        // Tests that run side by side may make the same one: each writes its own, the last one stays.
        let draft = "\(folder)/draft-\(drafts.add(1, ordering: .relaxed).newValue)-\(name)"
        let result = try await ChildProcesses.shared.run(
            ChildProgram("ffmpeg", ["-nostdin", "-v", "error", "-y"] + arguments + [draft], folder: folder))
        guard result.succeeded else { throw FootageError(reason: result.reason) }
        // Two tests may make the same at once: either is as good.
        try #require(rename(draft, path) == 0)
        return path
    }

    /// Quick H.264 in the usual format.
    static let quick = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]

    /// Moving pictures with a tone.
    static func plain(seconds: Double = 4, size: String = "640x360", rate: Int = 25) async throws -> String {
        try await make(
            [
                "-f", "lavfi", "-i", "testsrc2=s=\(size):d=\(seconds):r=\(rate)", "-f", "lavfi", "-i",
                "sine=d=\(seconds)",
            ]
                + quick + ["-c:a", "aac"])
    }

    /// The bytes of what `ffmpeg -i path arguments… pipe:1` writes.
    static func read(_ path: String, _ arguments: [String]) async throws -> [UInt8] {
        let result = try await ChildProcesses.shared.run(
            ChildProgram(
                "ffmpeg", ["-nostdin", "-v", "error", "-i", path] + arguments + ["pipe:1"],
                limits: ChildLimits(output: 256 << 20)))
        guard result.succeeded else { throw FootageError(reason: result.reason) }
        return result.output
    }

    private static let drafts = Atomic(0)
    private static let folder: String = {
        let folder = "/tmp/cutroom-footage-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Footage.folder) }
        return folder
    }()
}

struct FootageError: Error {
    let reason: String
}

extension String {
    /// FNV-1a, the same in every run.
    fileprivate var stableHash: String {
        String(
            utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}
