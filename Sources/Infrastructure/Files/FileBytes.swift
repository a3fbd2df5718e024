import Application
import Domain
import Glibc

/// Small files that are read and written whole; blocks, so it belongs on a thread of its own.
enum FileBytes {
    /// All bytes of the file at `path`.
    static func read(_ path: String) throws(PortError) -> [UInt8] {
        let file = try FileDescriptor(path: path, O_RDONLY)
        guard let size = file.regularSize else { throw .corrupt("\(path) is no file") }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        var filled = 0
        do {
            try bytes.withUnsafeMutableBytes { buffer in
                while filled < buffer.count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                    let count = try file.read(into: rest, path: path)
                    guard count > 0 else { return }
                    filled += count
                }
            }
        } catch {
            throw error as? PortError ?? .corrupt("\(path) cannot be read")
        }
        return filled == bytes.count ? bytes : Array(bytes[..<filled])
    }

    /// Writes a new file at `path`, as if at `moment`.
    static func write(_ bytes: [UInt8], to path: String, at moment: Timestamp, durably: Bool)
        throws(PortError)
    {
        let file = try FileDescriptor(path: path, O_WRONLY | O_CREAT | O_EXCL)
        let rest = bytes.span
        try rest.withUnsafeBytes { (buffer: UnsafeRawBufferPointer) throws(PortError) in
            try file.write(buffer, path: path)
        }
        let time = timespec(
            tv_sec: Int(moment.milliseconds / 1000), tv_nsec: Int(moment.milliseconds % 1000) * 1_000_000)
        let times = [time, time]
        futimens(file.number, times)
        if durably { try file.sync(path: path) }
    }

    /// The names of what is in a folder; none when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
