import Glibc
import Infrastructure
import Synchronization
import Testing

@Suite("Child processes") struct ChildProcessesTests {
    private let children = ChildProcesses.shared

    private func shell(_ script: String, limits: ChildLimits = ChildLimits()) -> ChildProgram {
        ChildProgram("sh", ["-c", script], limits: limits)
    }

    @Test("arguments reach the program as they are, without a shell")
    func argumentsAreLiteral() async throws {
        let result = try await children.run(ChildProgram("printf", ["%s|", "$HOME", "a b", "`id`", "\"'"]))
        #expect(result.succeeded)
        #expect(String(decoding: result.output, as: UTF8.self) == "$HOME|a b|`id`|\"'|")
    }

    @Test("its code, its output and the tail of its complaints come back")
    func resultIsWhole() async throws {
        let result = try await children.run(
            shell("seq 1 5000 >&2; echo out; exit 3"))
        #expect(result.exit == .code(3))
        #expect(result.output == Array("out\n".utf8))
        #expect(result.complaint.hasSuffix("4999\n5000\n"))
        #expect(result.complaint.utf8.count <= 8192)
        #expect(result.reason == "4998; 4999; 5000")
    }

    @Test("a listener hears every byte of a large output in order")
    func listenerHearsAll() async throws {
        let heard = Mutex((bytes: 0, splitter: LineSplitter(), last: 0, ordered: true))
        let result = try await children.run(ChildProgram("seq", ["1", "300000"])) { bytes in
            heard.withLock { heard in
                heard.bytes += bytes.count
                for line in heard.splitter.lines(adding: bytes) {
                    heard.ordered = heard.ordered && Int(line) == heard.last + 1
                    heard.last += 1
                }
            }
        }
        #expect(result.succeeded)
        #expect(result.output.isEmpty)
        heard.withLock { heard in
            #expect(heard.bytes == 1_988_895)
            #expect(heard.last == 300_000)
            #expect(heard.ordered)
        }
    }

    @Test("nothing is inherited but the three standard streams")
    func nothingIsInherited() async throws {
        let leaked = open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        // No pipe, whose end the shell itself would hold for a moment; and not the last command, which the
        // shell might become, with the folder open that is being listed.
        let result = try await children.run(shell("cat; ls /proc/$$/fd; :"))
        #expect(String(decoding: result.output, as: UTF8.self) == "0\n1\n2\n")
    }

    @Test("a program that is not there is missing")
    func missingProgram() async {
        await #expect(throws: ChildProcessError.programMissing("no-such-program")) {
            try await children.run(ChildProgram("no-such-program", []))
        }
    }

    @Test("one that says nothing for too long is killed")
    func stallIsKilled() async {
        await #expect(throws: ChildProcessError.stalled("sh")) {
            try await children.run(
                shell("echo working; sleep 1000", limits: ChildLimits(silence: .milliseconds(200))))
        }
    }

    @Test("one that runs too long is killed, however much it says")
    func deadlineIsKept() async {
        let limits = ChildLimits(deadline: .milliseconds(300), silence: .seconds(100))
        await #expect(throws: ChildProcessError.tooSlow("yes")) {
            try await children.run(ChildProgram("yes", [], limits: limits)) { _ in }
        }
    }

    @Test("one that writes more than is collected is killed")
    func outputIsBounded() async {
        await #expect(throws: ChildProcessError.tooTalkative("yes")) {
            try await children.run(ChildProgram("yes", [], limits: ChildLimits(output: 1 << 16)))
        }
    }

    @Test("cancelling kills the child and all that it started")
    func cancellationKillsTheGroup() async throws {
        let (lines, source) = AsyncStream.makeStream(of: String.self)
        let program = shell("sleep 1000 & echo $! $$; wait")
        let splitter = Mutex(LineSplitter())
        let run = Task {
            try await children.run(program) { bytes in
                for line in splitter.withLock({ $0.lines(adding: bytes) }) { source.yield(line) }
            }
        }
        var iterator = lines.makeAsyncIterator()
        let line = try #require(await iterator.next())
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        for identifier in line.split(separator: " ").compactMap({ pid_t($0) }) {
            #expect(Self.isGone(identifier))
        }
    }

    @Test("a task that is cancelled already starts nothing")
    func cancelledBeforehand() async {
        let run = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await children.run(ChildProgram("sleep", ["1000"]))
        }
        await #expect(throws: CancellationError.self) { try await run.value }
    }

    @Test("what a child leaves behind dies with it")
    func leftoversDie() async throws {
        let result = try await children.run(shell("sleep 1000 & echo $!"))
        let left = try #require(
            pid_t(String(decoding: result.output, as: UTF8.self).filter { !$0.isWhitespace }))
        #expect(Self.isGone(left))
    }

    @Test(
        "limits on memory, files and processor time hold", .enabled(if: ChildProcesses.find("prlimit") != nil)
    )
    func limitsHold() async throws {
        let limits = ChildLimits(processorSeconds: 7, memory: 300 << 20, fileSize: 4096)
        let result = try await children.run(
            shell("ulimit -t; ulimit -v; ulimit -f; ulimit -c", limits: limits))
        #expect(String(decoding: result.output, as: UTF8.self) == "7\n307200\n8\n0\n")
    }

    @Test(
        "it may open as many files as programs count on, and no more",
        .enabled(if: ChildProcesses.find("prlimit") != nil))
    func descriptors() async throws {
        let result = try await children.run(shell("ulimit -Sn; ulimit -Hn"))
        let limits = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map {
            Int($0) ?? .max
        }
        #expect(limits.count == 2 && limits[0] == min(1024, limits[1]))
    }

    @Test("it dies with this process", .enabled(if: ChildProcesses.find("setpriv") != nil))
    func diesWithParent() async throws {
        let result = try await children.run(ChildProgram("setpriv", ["--dump"]))
        #expect(String(decoding: result.output, as: UTF8.self).contains("Parent death signal: KILL"))
    }

    @Test("what a marked child started is found by its mark, in whatever group and session, and ended")
    func marked() async throws {
        let mark = "test-\(UInt64.random(in: 0 ... .max))"
        let (lines, source) = AsyncStream.makeStream(of: String.self)
        let splitter = Mutex(LineSplitter())
        let program = ChildProgram(
            "sh", ["-c", "setsid sleep 1000 > /dev/null 2>&1 & far=$!; sleep 1000 & echo $far $! $$; wait"],
            environment: ["CUTROOM_PROCESS": mark])
        let run = Task {
            try await children.run(program) { bytes in
                for line in splitter.withLock({ $0.lines(adding: bytes) }) { source.yield(line) }
            }
        }
        var iterator = lines.makeAsyncIterator()
        let line = try #require(await iterator.next())
        #expect(ChildProcesses.endPrograms(markedBy: mark + "0") == 0)
        #expect(ChildProcesses.endPrograms(markedBy: mark) >= 2)
        #expect(try await run.value.exit == .signal(SIGKILL))
        for identifier in line.split(separator: " ").compactMap({ pid_t($0) }) {
            #expect(Self.isGone(identifier))
        }
        #expect(ChildProcesses.endPrograms(markedBy: mark) == 0)
    }

    @Test("it has no network unless it needs one", .enabled(if: ChildProcesses.shared.isolatesNetwork()))
    func networkIsCutOff() async throws {
        // Two lines of headings, then one for each interface.
        let kept = try await children.run(ChildProgram("cat", ["/proc/net/dev"]))
        #expect(String(decoding: kept.output, as: UTF8.self).split(separator: "\n").count == 3)
        let own = try await children.run(ChildProgram("readlink", ["/proc/self/ns/net"], network: true))
        var target = [CChar](repeating: 0, count: 64)
        let length = readlink("/proc/self/ns/net", &target, target.count)
        #expect(own.output.dropLast() == target.prefix(length).map { UInt8(bitPattern: $0) })
    }

    @Test("many run at once")
    func manyAtOnce() async throws {
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let result = try await children.run(ChildProgram("echo", ["\(number)"]))
                    return Int(String(decoding: result.output.dropLast(), as: UTF8.self)) ?? -1
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == (0..<40).reduce(0, +))
    }

    /// Whether no live process has that number; one that was killed a moment ago may still be a zombie of init.
    private static func isGone(_ identifier: pid_t) -> Bool {
        // A process that was sent the signal dies when it is scheduled next.
        for _ in 0..<30_000 where !isDead(identifier) { usleep(1000) }
        return isDead(identifier)
    }

    private static func isDead(_ identifier: pid_t) -> Bool {
        if kill(identifier, 0) != 0 { return true }
        var bytes = [UInt8](repeating: 0, count: 512)
        let status = open("/proc/\(identifier)/stat", O_RDONLY)
        guard status >= 0 else { return true }
        defer { close(status) }
        let count = read(status, &bytes, bytes.count)
        let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return fields.contains(") Z ") || fields.contains(") X ") || fields.isEmpty
    }
}
