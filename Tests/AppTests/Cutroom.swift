import CLinux
import FoundationEssentials
import Glibc
import Synchronization
import Testing

/// How a run of the program ended, and what it wrote.
struct Run: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// What it wrote as JSON.
    func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output.utf8))
    }
}

/// The built program, run as a user runs it, with a data folder of its own.
struct Cutroom: Sendable {
    /// Where the program is: beside the bundle of the tests.
    static let binary: String = {
        let arguments = CommandLine.arguments
        let bundle =
            arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        let beside = bundle.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return beside + "/cutroom"
    }()

    /// Runs the example program that stands beside it.
    static func runEmbedding() async throws -> Run {
        let example = binary.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Embedding"
        return try await RunningCutroom(example, [], [:]).end()
    }

    /// A folder for this test alone.
    let folder: String
    /// Variables besides those of every run.
    var environment: [String: String] = [:]
    /// The file that it reads as its standard input.
    var input = "/dev/null"
    /// How many files and sockets it may open at first; nil is what the tests may.
    var descriptorLimit: Int?

    /// Its data folder.
    var data: String { folder + "/data" }

    /// Runs `body` with the program and a folder that is removed afterwards.
    @discardableResult
    static func use<Value>(_ body: (Cutroom) async throws -> Value) async throws -> Value {
        let folder = "/tmp/cutroom-app-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(Cutroom(folder: folder))
    }

    /// Runs it to its end.
    func run(_ arguments: String...) async throws -> Run {
        try await start(arguments).end()
    }

    /// Runs it to its end.
    func run(words: [String]) async throws -> Run {
        try await start(words).end()
    }

    /// Runs another program to its end.
    func run(program: String, words: [String]) async throws -> Run {
        try await start(words, of: program).end()
    }

    /// Starts it.
    func start(words: [String]) throws -> RunningCutroom {
        try start(words)
    }

    /// Writes a file.
    func write(_ text: String, to path: String) throws {
        try #require(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
    }

    /// Starts it.
    func start(_ arguments: String...) throws -> RunningCutroom {
        try start(arguments)
    }

    /// Starts a script of the repository that runs this program, as the leader of a session of its own: what a
    /// terminal sends to a group of processes can be sent to all of them.
    func start(script name: String) throws -> RunningCutroom {
        let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        return try start(["\(repository)/scripts/\(name)"], of: "/usr/bin/setsid", lastSignal: SIGTERM)
    }

    /// Starts it on a terminal of its own, to which both its outputs go.
    func startOnTerminal(_ arguments: [String]) throws -> RunningCutroom {
        let words = ([Self.binary] + arguments).map { "'\($0)'" }.joined(separator: " ")
        return try start(
            ["--quiet", "--flush", "--return", "--command", words, "/dev/null"], of: "/usr/bin/script")
    }

    /// - Parameter lastSignal: What ends it when its test is given up; a script ends what it has started too.
    private func start(
        _ arguments: [String], of program: String = Self.binary, lastSignal: Int32 = SIGKILL
    ) throws -> RunningCutroom {
        var variables = ["CUTROOM_DATA": data, "HOME": folder]
        for name in ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE", "TESTS_MARK"] {
            variables[name] = getenv(name).map { String(cString: $0) }
        }
        variables.merge(environment) { $1 }
        guard let descriptorLimit else {
            return try RunningCutroom(program, arguments, variables, input: input, lastSignal: lastSignal)
        }
        let script = "ulimit -Sn \(descriptorLimit); exec \"$0\" \"$@\""
        return try RunningCutroom(
            "/bin/sh", ["-c", script, program] + arguments, variables, lastSignal: lastSignal)
    }
}

/// A run of the program that goes on.
final class RunningCutroom: Sendable {
    let pid: pid_t
    /// The ends of the pipes on whose other ends it writes.
    private let output: Int32
    private let complaints: Int32
    /// What was read of its standard error.
    private let heard = Mutex("")
    private let hasEnded = Atomic(false)
    /// Whether the test's time is over.
    private let isGivenUp = GivenUp()
    private let lastSignal: Int32

    fileprivate init(
        _ program: String, _ arguments: [String], _ environment: [String: String],
        input: String = "/dev/null", lastSignal: Int32 = SIGKILL
    ) throws {
        self.lastSignal = lastSignal
        let (forOutput, forErrors) = (Self.pipeEnds(), Self.pipeEnds())
        (output, complaints) = (forOutput.read, forErrors.read)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, forOutput.write, 1)
        posix_spawn_file_actions_adddup2(&actions, forErrors.write, 2)
        // What another test has open at this moment, the end of a pipe or a connection, would stay open for as long
        // as the program lives.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // The tests may themselves run where Ctrl-C is ignored, and on threads that take no signals.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGQUIT, SIGTERM, SIGPIPE] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var vector: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in vector + variables { free(text) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, program, &actions, &attributes, &vector, &variables)
        close(forOutput.write)
        close(forErrors.write)
        try #require(code == 0, "\(program) could not be started")
        pid = identifier
    }

    deinit {
        // A test that failed midway leaves nothing running.
        if !hasEnded.load(ordering: .relaxed) {
            kill(pid, lastSignal)
            waitpid(pid, nil, 0)
        }
        close(output)
        close(complaints)
    }

    private static func pipeEnds() -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    /// Sends it a signal.
    func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// The next line of its standard output; nil when it has ended.
    func line() async -> String? {
        await onThread { [output, isGivenUp] in Self.line(from: output, unless: isGivenUp) }
    }

    /// Reads its standard error until a line contains `text`.
    func complains(of text: String) async throws {
        while let line = await onThread({ [complaints, isGivenUp] in
            Self.line(from: complaints, unless: isGivenUp)
        }) {
            heard.withLock { $0 += line + "\n" }
            if line.contains(text) { return }
        }
        Issue.record("it never said \(text): \(heard.withLock { $0 })")
    }

    /// Waits for its end.
    func end() async throws -> Run {
        async let errors = onThread { [complaints, isGivenUp] in
            Self.rest(from: complaints, unless: isGivenUp)
        }
        let (output, status) = await onThread { [pid, output, isGivenUp] in
            let text = Self.rest(from: output, unless: isGivenUp)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
            return (text, status)
        }
        hasEnded.store(true, ordering: .relaxed)
        // As wait(2) encodes it: a signal in the low seven bits, else the code in the next byte.
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
        return Run(status: code, output: output, errors: heard.withLock { $0 } + (await errors))
    }

    private final class GivenUp: Sendable {
        let flag = Atomic(false)
    }

    /// Reads as `read` does, but ends when the test is given up: what the program has started may hold its pipes
    /// open for longer than itself.
    private static func read(
        _ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int, unless isGivenUp: GivenUp
    ) -> Int {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        repeat {
            if isGivenUp.flag.load(ordering: .relaxed) { return 0 }
        } while poll(&wait, 1, 100) <= 0
        return Glibc.read(descriptor, bytes, count)
    }

    private static func line(from descriptor: Int32, unless isGivenUp: GivenUp) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1, unless: isGivenUp) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func rest(from descriptor: Int32, unless isGivenUp: GivenUp) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &piece, piece.count, unless: isGivenUp)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    /// Waits on a thread of its own. A test whose time is over ends the program and looks no further.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withTaskCancellationHandler {
            await onOwnThread(body)
        } onCancel: {
            signal(lastSignal)
            isGivenUp.flag.store(true, ordering: .relaxed)
        }
    }
}

/// Runs what waits on a thread of its own: the pool of the tests must stay free.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let context = Unmanaged.passRetained(ThreadWork { continuation.resume(returning: body()) })
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ThreadWork>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, context.toOpaque())
        pthread_detach(thread)
    }
}

private final class ThreadWork: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
