import Application
import Domain

/// Runs the programs that recognise speech.
enum SpeechProgram {
    /// What the program writes to its standard output.
    ///
    /// - Throws: ``MediaError/programMissing(_:)``, ``MediaError/programFailed(program:reason:)``.
    static func run(_ program: ChildProgram) async throws -> [UInt8] {
        do {
            let result = try await ChildProcesses.shared.run(program)
            guard result.succeeded else {
                throw MediaError.programFailed(program: program.name, reason: result.reason)
            }
            return result.output
        } catch let error as ChildProcessError {
            switch error {
            case .programMissing: throw MediaError.programMissing(program.name)
            case .notStarted(_, let code):
                throw PortError.unavailable("\(program.name) cannot be started: error \(code)")
            case .stalled, .tooSlow, .tooTalkative:
                throw MediaError.programFailed(program: program.name, reason: "\(error)")
            }
        }
    }
}
