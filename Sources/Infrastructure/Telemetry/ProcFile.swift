import Glibc

/// The small files in which the kernel tells numbers, read with one buffer on the stack.
enum ProcFile {
    /// More than any file that is read here holds.
    private static let size = 4096

    /// The text of a file, cut off after 4 KiB; nil when it cannot be read.
    static func text(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { buffer in
            let count = read(file, buffer.baseAddress, buffer.count)
            guard count >= 0 else { return nil }
            return String(decoding: UnsafeRawBufferPointer(rebasing: buffer[..<count]), as: UTF8.self)
        }
    }

    /// The number that a file holds; nil when it holds none, such as `max`.
    static func number(_ path: String) -> Int64? {
        text(path).flatMap { Int64($0.prefix { $0 != "\n" }) }
    }

    /// The number behind a name at the start of a line, as in `nr_periods 12` or `MemTotal:  4096 kB`.
    static func number(_ name: String, in text: String) -> Int64? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(separator: " ")
            if words.count > 1, words[0] == name || words[0] == "\(name):" { return Int64(words[1]) }
        }
        return nil
    }
}

/// What the control group of this process allows, version 2 or 1 of the interface (`cgroups(7)`).
struct ControlGroup: Sendable {
    /// Where `/proc` and `/sys` are: nothing but in tests.
    let root: String

    /// The least limit of memory among the group and those around it, in bytes; nil when there is none.
    var memoryLimit: Int64? {
        let limits =
            folders(of: "", file: "memory.max").compactMap { ProcFile.number("\($0)/memory.max") }
            + folders(of: "memory", file: "memory.limit_in_bytes").compactMap {
                ProcFile.number("\($0)/memory.limit_in_bytes")
            }
        // Version 1 says no limit with the largest number of whole pages.
        return limits.filter { $0 > 0 && $0 < 1 << 60 }.min()
    }

    /// In how many periods it could have used the processors, and in how many it was kept from it.
    var throttling: (periods: Int64, throttled: Int64)? {
        let folders = folders(of: "", file: "cpu.stat") + folders(of: "cpu", file: "cpu.stat")
        for folder in folders {
            guard let text = ProcFile.text("\(folder)/cpu.stat"),
                let periods = ProcFile.number("nr_periods", in: text),
                let throttled = ProcFile.number("nr_throttled", in: text)
            else { continue }
            return (periods, throttled)
        }
        return nil
    }

    /// The folders of the group and those around it, innermost first, that have such a file.
    ///
    /// - Parameter controller: Which of version 1; empty for version 2, which has one tree for all.
    private func folders(of controller: String, file: String) -> [String] {
        let groups = ProcFile.text("\(root)/proc/self/cgroup") ?? ""
        let path = groups.split(separator: "\n").lazy.compactMap { line -> Substring? in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            let controllers = parts[1].split(separator: ",")
            let isMeant = controller.isEmpty ? parts[1].isEmpty : controllers.contains { $0 == controller }
            return isMeant ? parts[2] : nil
        }.first
        guard let path else { return [] }
        let base = "\(root)/sys/fs/cgroup" + (controller.isEmpty ? "" : "/\(controller)")
        var names = path.split(separator: "/")
        var folders: [String] = []
        while true {
            let folder = names.reduce(base) { "\($0)/\($1)" }
            // Within a container the path is that of the host, and only the root is there.
            if access("\(folder)/\(file)", R_OK) == 0 { folders.append(folder) }
            guard !names.isEmpty else { return folders }
            names.removeLast()
        }
    }
}
