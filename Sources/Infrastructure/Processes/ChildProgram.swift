/// A program to run as a child process: argv only, never through a shell, with bounds on what it may use.
package struct ChildProgram: Sendable {
    /// A name to look up in `PATH`, or an absolute path.
    package var name: String
    /// Its arguments, without its own name.
    package var arguments: [String]
    /// Environment variables besides the few that every child gets (`PATH`, `HOME`, `LANG`, `TMPDIR`, fontconfig's).
    package var environment: [String: String]
    /// The folder that it starts in; nil for the root.
    package var folder: String?
    /// What it may use.
    package var limits: ChildLimits
    /// Whether it may reach the network; where the kernel lets us, one that may not gets none.
    package var network: Bool
    /// How many steps of niceness it is started with, 0–19, so that long work gives way to requests.
    package var niceness: Int

    /// A program with its arguments.
    package init(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil,
        limits: ChildLimits = ChildLimits(), network: Bool = false, niceness: Int = 0
    ) {
        self.name = name
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.limits = limits
        self.network = network
        self.niceness = niceness
    }
}

/// Bounds of what a child process may use; nil is unbounded.
package struct ChildLimits: Sendable {
    /// Seconds of processor time, over all its threads.
    package var processorSeconds: Int?
    /// Bytes of address space.
    package var memory: Int?
    /// Bytes that any one file it writes may reach.
    package var fileSize: Int?
    /// How long it may run.
    package var deadline: Duration?
    /// How long it may say nothing, on either of its outputs.
    package var silence: Duration?
    /// Bytes of standard output that are collected when nobody listens to it.
    package var output: Int

    /// Bounds.
    package init(
        processorSeconds: Int? = nil, memory: Int? = nil, fileSize: Int? = nil, deadline: Duration? = nil,
        silence: Duration? = nil, output: Int = 4 << 20
    ) {
        self.processorSeconds = processorSeconds
        self.memory = memory
        self.fileSize = fileSize
        self.deadline = deadline
        self.silence = silence
        self.output = output
    }
}

/// How a child process ended.
///
/// Ending badly is a result, not an error: only the caller knows what a code means.
package struct ChildResult: Sendable {
    /// The way it ended.
    package enum Exit: Hashable, Sendable {
        /// It returned that code.
        case code(Int32)
        /// That signal killed it.
        case signal(Int32)
    }

    /// How it ended.
    package let exit: Exit
    /// What it wrote to standard output, empty when a listener took it.
    package let output: [UInt8]
    /// The last 8 KiB that it wrote to standard error.
    package let complaint: String

    /// Whether it returned 0.
    package var succeeded: Bool { exit == .code(0) }

    /// The last lines of what it complained about, or how it ended when it said nothing: for error messages.
    package var reason: String {
        let lines = complaint.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "; ")
        if !lines.isEmpty { return String(lines.prefix(500)) }
        switch exit {
        case .code(let code): return "exit code \(code)"
        case .signal(let signal): return "killed by signal \(signal)"
        }
    }
}

/// Why a child process could not be run to its own end.
package enum ChildProcessError: Error, Hashable, Sendable {
    /// There is no such program in `PATH`.
    case programMissing(String)
    /// The system refused to start it, with that `errno`.
    case notStarted(String, errno: Int32)
    /// It said nothing for too long and was killed.
    case stalled(String)
    /// It ran too long and was killed.
    case tooSlow(String)
    /// It wrote more than is collected and was killed.
    case tooTalkative(String)
}
