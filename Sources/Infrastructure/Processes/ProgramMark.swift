import CLinux
import Glibc

/// Finds the programs that carry a name in their environment, however far from the child that was started: a
/// process passes its environment on, also where it leaves its group or session.
enum ProgramMark {
    /// The variable that holds the name.
    static let variable = "CUTROOM_PROCESS"
    /// How long a program that was killed is waited for, in milliseconds: it may be in the middle of a write.
    private static let patience: Int32 = 2000
    /// How often all programs are looked through, since one may start another while it is being looked for.
    private static let mostRounds = 20

    /// Kills every program that carries `name`; returns how many there were.
    static func end(_ name: String) -> Int {
        let entry = Array("\(variable)=\(name)".utf8)
        var ended = 0
        for _ in 0..<mostRounds {
            let found = identifiers().count { killIfMarked($0, by: entry) }
            if found == 0 { break }
            ended += found
        }
        return ended
    }

    private static func identifiers() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var identifiers: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let identifier = pid_t(name) { identifiers.append(identifier) }
        }
        return identifiers
    }

    private static func killIfMarked(_ identifier: pid_t, by entry: [UInt8]) -> Bool {
        // Opened before it is looked at, so that the signal reaches this process or none.
        let process = linux_pidfd_open(identifier)
        guard process >= 0 else { return false }
        defer { close(process) }
        let variables = environment(of: identifier).split(separator: 0)
        guard variables.contains(where: { $0.elementsEqual(entry) }),
            linux_pidfd_send_signal(process, SIGKILL) == 0
        else { return false }
        var wait = pollfd(fd: process, events: Int16(POLLIN), revents: 0)
        poll(&wait, 1, patience)
        return true
    }

    /// The environment with which a process was started; empty for another user's.
    private static func environment(of identifier: pid_t) -> [UInt8] {
        let file = open("/proc/\(identifier)/environ", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes: [UInt8] = []
        while true {
            let piece = [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, count in
                count = max(0, read(file, buffer.baseAddress, buffer.count))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }
}

extension ChildProcesses {
    /// Kills the programs that a process which is gone has left: those that it had marked by `name`.
    ///
    /// It waits until they are gone, so that nothing of theirs is written any more.
    ///
    /// - Returns: How many there were.
    @discardableResult
    package static func endPrograms(markedBy name: String) -> Int {
        ProgramMark.end(name)
    }
}
