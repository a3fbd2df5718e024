import Domain
import Glibc
import Presentation

/// One run of the program.
struct Program: Sendable {
    /// The version, as `--version` and the API tell it.
    static let version = "0.1.0"

    /// What it can do.
    let commands: [Command]
    /// What it was asked.
    let words: [String]
    /// The variables of its process.
    let environment: [String: String]

    /// Does what it was asked and tells how that went.
    ///
    /// It leaves the main actor: what follows is called by threads of C libraries too.
    @concurrent
    func run() async -> ExitStatus {
        let output = Terminal(descriptor: STDOUT_FILENO, environment: environment)
        let errors = Terminal(descriptor: STDERR_FILENO, environment: environment)
        func tell(_ line: String) {
            errors.writeLine(errors.styled("cutroom:", .bold, .red) + " " + line.onOneLine)
        }
        do {
            switch try CommandLineParser(commands: commands).parse(words) {
            case .help(let topic):
                output.write(HelpPage(commands: commands, terminal: output).text(for: topic))
                return .done
            case .version:
                output.writeLine("cutroom \(Self.version)")
                return .done
            case .run(let command, let arguments, let flags):
                let configuration = try Configuration(flags: flags, environment: environment)
                for warning in configuration.warnings {
                    errors.writeLine(errors.styled("cutroom:", .bold, .yellow) + " " + warning)
                }
                preferPrograms(in: configuration[Settings.programs])
                return try await command.run(
                    Invocation(
                        command: command, arguments: arguments, configuration: configuration,
                        flags: flags, environment: environment,
                        output: output, errors: errors))
            }
        } catch let error as UsageError {
            tell("\(error.line) (\(error.hint))")
            return .wrongUsage
        } catch let error as ConfigurationError {
            tell(error.description)
            return .wrongUsage
        } catch let error as CommandFailure {
            tell(error.line)
            return error.status
        } catch is CancellationError {
            return .interrupted
        } catch let error as any CodedError {
            tell(error.explanation)
            return .failed
        } catch {
            tell("\(error)")
            return .failed
        }
    }

    /// Has programs looked for in these folders first; called before there are other threads.
    private func preferPrograms(in folders: [String]) {
        guard !folders.isEmpty else { return }
        let path = environment["PATH"].map { [$0] } ?? []
        setenv("PATH", (folders + path).joined(separator: ":"), 1)
    }
}
