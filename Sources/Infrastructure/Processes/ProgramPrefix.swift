import Glibc

/// The programs from util-linux and coreutils that put a child in its bounds before it starts; each is left
/// out where it is missing.
struct ProgramPrefix: Sendable {
    let prlimit: String?
    let nice: String?
    let unshare: String?
    let setpriv: String?

    /// What this machine has, found once.
    static let ofThisMachine = ProgramPrefix(
        prlimit: ChildProcesses.find("prlimit"),
        nice: ChildProcesses.find("nice"),
        unshare: workingUnshare(),
        setpriv: ChildProcesses.find("setpriv"))

    var isolatesNetwork: Bool { unshare != nil }

    /// The whole argument vector for a program whose absolute path is `path`.
    func arguments(for program: ChildProgram, at path: String) -> [String] {
        var vector: [String] = []
        if let prlimit {
            vector += [prlimit, "--core=0", "--nofile=\(Self.usualDescriptors):"]
            if let seconds = program.limits.processorSeconds { vector.append("--cpu=\(seconds)") }
            if let bytes = program.limits.memory { vector.append("--as=\(bytes)") }
            if let bytes = program.limits.fileSize { vector.append("--fsize=\(bytes)") }
        }
        if let nice, program.niceness > 0 { vector += [nice, "-n", "\(program.niceness)"] }
        if let unshare, !program.network { vector += [unshare, "--map-root-user", "--net"] }
        // Last, because a change of credentials, such as a new user namespace, clears the death signal.
        if let setpriv { vector += [setpriv, "--pdeathsig", "KILL"] }
        return vector + [path] + program.arguments
    }

    /// How many descriptors a program counts on at most: a server may have raised its own limit, and what calls
    /// `select` breaks beyond.
    private static let usualDescriptors: UInt = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return min(1024, limit.rlim_max)
    }()

    /// The path of `unshare` when the kernel lets us make a network namespace, which containers often refuse.
    private static func workingUnshare() -> String? {
        guard let unshare = ChildProcesses.find("unshare"), let probe = ChildProcesses.find("true") else {
            return nil
        }
        var identifier: pid_t = 0
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        let vector = [unshare, "--map-root-user", "--net", probe]
        let started = vector.withCStrings { posix_spawn(&identifier, unshare, &actions, nil, $0, environ) }
        guard started == 0 else { return nil }
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
        return status == 0 ? unshare : nil
    }
}

extension [String] {
    /// Calls `body` with a null-terminated vector of C strings that live as long as the call.
    func withCStrings<Answer>(_ body: ([UnsafeMutablePointer<CChar>?]) -> Answer) -> Answer {
        let copies = map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
