import Application
import Presentation

/// One thing that `cutroom` does: its words on the command line, its help, and what it runs.
struct Command: Sendable {
    /// Something that follows the command's words.
    struct Argument: Sendable {
        /// Its name in help, such as `SOURCE`.
        let name: String
        /// What it is.
        let summary: String
        /// Whether it may be left out.
        var isOptional = false
    }

    /// A line to copy, and what it does.
    struct Example: Sendable {
        let line: String
        let summary: String
    }

    /// Its words, such as `jobs`, `list`.
    let words: [String]
    /// What it does, in a sentence.
    let summary: String
    /// What follows its words.
    var arguments: [Argument] = []
    /// The settings that are its own.
    var options: [SettingDeclaration] = []
    /// Whether it runs the service or a part of it, and so takes all of its settings.
    var takesServiceSettings = false
    /// Lines to copy.
    let examples: [Example]
    /// Whether it goes on until someone ends it; the log then tells everyday things too.
    var isService = false
    /// Does it.
    let run: @Sendable (Invocation) async throws -> ExitStatus

    /// Every setting that may be given as a flag.
    var flags: [SettingDeclaration] {
        var flags = options + Settings.general
        if takesServiceSettings {
            let own = Set(options.map(\.name))
            flags += Settings.service.filter { !own.contains($0.name) }
        }
        return flags
    }
}

/// A command as it was called.
struct Invocation: Sendable {
    /// What was called.
    let command: Command
    /// What followed the command's words.
    let arguments: [String]
    /// All settings.
    let configuration: Configuration
    /// What the command line said of them, by name.
    let flags: [String: [String]]
    /// The variables of the process.
    let environment: [String: String]
    /// Where results go.
    let output: Terminal
    /// Where everything else goes: progress, warnings, errors.
    let errors: Terminal
}

extension Invocation {
    /// The least severe level that is logged: what is set or, for a command that shows itself what it does and why
    /// it fails, only what is this program's own fault.
    var logLevel: LogLevel {
        let isSet = configuration.origin(of: Settings.logLevel) != .fallback
        return isSet || command.isService ? configuration[Settings.logLevel] : .error
    }
}

/// How the program ends, unless its disk breaks (`SQLiteDatabase.brokenStorageStatus`).
enum ExitStatus: Int32 {
    /// It did what it was asked.
    case done = 0
    /// It could not.
    case failed = 1
    /// It was asked in a way that it does not understand.
    case wrongUsage = 2
    /// A person stopped it (128 + SIGINT).
    case interrupted = 130
}

/// A failure that is told in one line and ends the program.
struct CommandFailure: Error {
    /// The line.
    let line: String
    /// How the program ends.
    var status = ExitStatus.failed
}
