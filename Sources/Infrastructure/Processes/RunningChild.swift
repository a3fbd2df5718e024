import CLinux
import Glibc

/// A child that has been started and not yet been waited for; lives on the reactor's thread alone.
struct RunningChild {
    private let order: ChildOrder
    private let identifier: pid_t
    /// Becomes readable when the child ends.
    private let processDescriptor: Int32
    private var outputDescriptor: Int32
    private var complaintDescriptor: Int32
    private let started = ContinuousClock.now
    private var lastHeard = ContinuousClock.now
    private var output: [UInt8] = []
    private var complaint: [UInt8] = []
    private var causeOfDeath: (any Error)?

    private static let complaintKept = 8192

    /// Starts what is ordered; answers the order and is nil when that is not possible.
    init?(_ order: ChildOrder) {
        let program = order.program
        guard let path = ChildProcesses.find(program.name) else {
            order.answer.resume(throwing: ChildProcessError.programMissing(program.name))
            return nil
        }
        let vector = ProgramPrefix.ofThisMachine.arguments(for: program, at: path)
        var outputs: [Int32] = [-1, -1]
        var complaints: [Int32] = [-1, -1]
        guard linux_pipe2(&outputs, O_CLOEXEC) == 0 else {
            order.answer.resume(throwing: ChildProcessError.notStarted(program.name, errno: errno))
            return nil
        }
        guard linux_pipe2(&complaints, O_CLOEXEC) == 0 else {
            order.answer.resume(throwing: ChildProcessError.notStarted(program.name, errno: errno))
            for end in outputs { close(end) }
            return nil
        }
        var child: pid_t = 0
        let failure = Self.spawn(
            &child, vector, environment: Self.environment(adding: program.environment, mark: order.mark),
            folder: program.folder ?? "/", output: outputs[1], complaint: complaints[1])
        close(outputs[1])
        close(complaints[1])
        let descriptor = failure == 0 ? linux_pidfd_open(child) : -1
        let reason = failure == 0 ? errno : failure
        guard failure == 0, descriptor >= 0 else {
            if failure == 0 {
                // Nobody could tell when it ends; left alone, it might never.
                Glibc.kill(-child, SIGKILL)
                Self.reap(child)
            }
            close(outputs[0])
            close(complaints[0])
            order.answer.resume(throwing: ChildProcessError.notStarted(program.name, errno: reason))
            return nil
        }
        for end in [outputs[0], complaints[0]] {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.order = order
        identifier = child
        processDescriptor = descriptor
        outputDescriptor = outputs[0]
        complaintDescriptor = complaints[0]
    }

    /// What `poll` should watch.
    var descriptors: [Int32] {
        [processDescriptor, outputDescriptor, complaintDescriptor].filter { $0 >= 0 }
    }

    /// When the next of its limits would be passed.
    var nextLimit: ContinuousClock.Instant? {
        if causeOfDeath != nil { return nil }
        let limits = order.program.limits
        return [limits.deadline.map { started + $0 }, limits.silence.map { lastHeard + $0 }].compactMap(
            \.self
        ).min()
    }

    /// Kills the whole group; the first cause is the one that is told.
    mutating func kill(because cause: any Error) {
        if causeOfDeath == nil { causeOfDeath = cause }
        Glibc.kill(-identifier, SIGKILL)
    }

    mutating func enforceTimes(now: ContinuousClock.Instant) {
        guard causeOfDeath == nil else { return }
        let limits = order.program.limits
        if let deadline = limits.deadline, now >= started + deadline {
            kill(because: ChildProcessError.tooSlow(order.program.name))
        } else if let silence = limits.silence, now >= lastHeard + silence {
            kill(because: ChildProcessError.stalled(order.program.name))
        }
    }

    /// Takes what the child has written; a bounded piece of it, so that a talkative one delays nobody.
    mutating func readOutputs(into buffer: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) {
        if outputDescriptor >= 0 {
            switch Self.read(outputDescriptor, into: buffer) {
            case .bytes(let bytes):
                lastHeard = now
                take(bytes)
            case .nothing: break
            case .end:
                close(outputDescriptor)
                outputDescriptor = -1
            }
        }
        if complaintDescriptor >= 0 {
            switch Self.read(complaintDescriptor, into: buffer) {
            case .bytes(let bytes):
                lastHeard = now
                order.onComplaint?(bytes)
                complaint.append(contentsOf: bytes)
                if complaint.count > 2 * Self.complaintKept {
                    complaint.removeFirst(complaint.count - Self.complaintKept)
                }
            case .nothing: break
            case .end:
                close(complaintDescriptor)
                complaintDescriptor = -1
            }
        }
    }

    /// Whether it ended; it stays a zombie, so that its number and its group's stay its own, until ``finish(_:)``.
    func hasEnded() -> Bool {
        var wait = pollfd(fd: processDescriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, 0) > 0
    }

    /// Kills what the child left behind, takes its last words, and answers the order.
    mutating func finish(_ buffer: UnsafeMutableRawBufferPointer) {
        Glibc.kill(-identifier, SIGKILL)
        let status = Self.reap(identifier)
        close(processDescriptor)
        while outputDescriptor >= 0, case .bytes(let bytes) = Self.read(outputDescriptor, into: buffer) {
            take(bytes)
        }
        while complaintDescriptor >= 0, case .bytes(let bytes) = Self.read(complaintDescriptor, into: buffer)
        {
            order.onComplaint?(bytes)
            complaint.append(contentsOf: bytes)
        }
        for descriptor in [outputDescriptor, complaintDescriptor] where descriptor >= 0 { close(descriptor) }
        if let causeOfDeath {
            order.answer.resume(throwing: causeOfDeath)
            return
        }
        // As wait(2) encodes it: the low seven bits are the signal, the next byte the code.
        let signal = status & 0x7f
        order.answer.resume(
            returning: ChildResult(
                exit: signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal), output: output,
                complaint: String(decoding: complaint.suffix(Self.complaintKept), as: UTF8.self)))
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        if let listener = order.onOutput {
            listener(bytes)
        } else if output.count + bytes.count > order.program.limits.output {
            kill(because: ChildProcessError.tooTalkative(order.program.name))
        } else {
            output.append(contentsOf: bytes)
        }
    }

    private enum Reading {
        case bytes(UnsafeRawBufferPointer)
        case nothing
        case end
    }

    private static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count > 0 { return .bytes(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .end
    }

    @discardableResult
    private static func reap(_ identifier: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
        return status
    }

    private static func environment(adding own: [String: String], mark: String?) -> [String] {
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
        for name in ["PATH", "HOME", "TMPDIR", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        variables.merge(own) { $1 }
        if let mark { variables[ProgramMark.variable] = mark }
        return variables.map { "\($0.key)=\($0.value)" }
    }

    /// Starts `vector` in a process group of its own with nothing open but its three standard streams, and with
    /// the signals as a fresh program expects them.
    private static func spawn(
        _ child: inout pid_t, _ vector: [String], environment: [String], folder: String, output: Int32,
        complaint: Int32
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, complaint, STDERR_FILENO)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, folder)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        return vector.withCStrings { arguments in
            environment.withCStrings { variables in
                posix_spawn(&child, vector[0], &actions, &attributes, arguments, variables)
            }
        }
    }
}
