import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import Testing

/// Programs that stand before the real ones in the search path, and can be made to stop at a point and to tell
/// of it: so that a test acts on the program while it is exactly there.
final class Tripwire: Sendable {
    /// Where a program is stopped.
    struct Point: Sendable {
        enum Moment: String, Sendable {
            /// Before the real program is run.
            case before
            /// When it has done its work, which nobody knows yet.
            case after
            /// In the middle, where a program that is made for the test says so.
            case within
        }
        let moment: Moment
        /// A pattern of the shell for the program's name and its arguments.
        let pattern: String

        static func before(_ pattern: String) -> Point { Point(moment: .before, pattern: pattern) }
        static func after(_ pattern: String) -> Point { Point(moment: .after, pattern: pattern) }
        static func within(_ pattern: String) -> Point { Point(moment: .within, pattern: pattern) }
    }

    /// What the setting `programs` is to name.
    let folder: String
    /// The ends of two named pipes, open in both directions so that no side waits for the other to open them.
    private let reached: Int32
    private let orders: Int32

    /// Puts `programs` of this machine behind a wire, and `scripts` in place of others; a script may call
    /// `trip` with words of its own, where it stops in its middle.
    init(in parent: String, programs: [String] = ["ffmpeg", "ffprobe"], scripts: [String: String] = [:])
        throws
    {
        folder = parent + "/wire"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for pipe in ["reached", "orders"] { try #require(mkfifo("\(folder)/\(pipe)", 0o600) == 0) }
        reached = open(folder + "/reached", O_RDWR | O_CLOEXEC)
        orders = open(folder + "/orders", O_RDWR | O_CLOEXEC)
        for name in programs {
            try write(name, "\"\(try #require(ChildProcesses.find(name)))\" \"$@\"")
        }
        for (name, script) in scripts { try write(name, "work \"$@\"", with: script) }
    }

    deinit {
        close(reached)
        close(orders)
    }

    private func write(_ name: String, _ work: String, with script: String = "") throws {
        let text = """
            #!/bin/sh
            # Whoever takes the wire away has run into it, and waits for orders.
            trip() {
                mv '\(folder)/wire' "\(folder)/taken.$$" 2> /dev/null || return 0
                echo "$$ $*" > '\(folder)/reached'
                read -r order < '\(folder)/orders'
            }
            { read -r moment pattern < '\(folder)/wire'; } 2> /dev/null || moment=never
            case "\(name) $*" in $pattern) ;; *) moment=never ;; esac
            \(script)
            if [ "$moment" = before ]; then trip; fi
            \(work)
            code=$?
            if [ "$moment" = after ]; then trip; fi
            exit $code
            """
        let path = "\(folder)/\(name)"
        try #require(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
        chmod(path, 0o700)
    }

    /// Has the next program that comes to the point stop there.
    func set(_ point: Point) throws {
        let wire = folder + "/wire"
        let line = Data("\(point.moment.rawValue) \(point.pattern)\n".utf8)
        // Appears whole.
        try #require(FileManager.default.createFile(atPath: wire + ".new", contents: line))
        try #require(rename(wire + ".new", wire) == 0)
    }

    /// Waits until a program has stopped.
    ///
    /// - Returns: The numbers that it tells, its own process identifier first; none when the test's time is over.
    @discardableResult
    func wait() async -> [pid_t] {
        await withTaskCancellationHandler {
            await onOwnThread { [reached] in
                var line: [UInt8] = []
                var byte: UInt8 = 0
                while read(reached, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
                return String(decoding: line, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
            }
        } onCancel: {
            _ = Glibc.write(reached, "\n", 1)
        }
    }

    /// Lets the program that has stopped go on.
    func release() {
        _ = Glibc.write(orders, "go\n", 3)
    }
}
