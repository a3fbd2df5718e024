import FoundationEssentials
import Glibc

/// The program: understands the command line, brings the configuration together, runs one command.
@main
enum Main {
    static func main() async {
        let status = await Program(
            commands: Command.all, words: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment
        ).run()
        exit(status.rawValue)
    }
}
