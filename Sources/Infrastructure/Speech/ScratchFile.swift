import Application
import Glibc

/// Files that only live while something is recognised.
enum ScratchFile {
    /// The first `count` bytes of the file at `path`, or all of it; blocks.
    ///
    /// - Throws: ``PortError/corrupt(_:)`` when it cannot be read.
    static func read(_ path: String, atMost count: Int) throws -> [UInt8] {
        guard let file = fopen(path, "rbe") else { throw PortError.corrupt("\(path) cannot be opened") }
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        let size = min(ftell(file), count)
        rewind(file)
        guard size > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, read in
            read = fread(buffer.baseAddress, 1, size, file)
        }
    }

    /// Removes it; one that is gone already is no error.
    static func remove(_ path: String) {
        unlink(path)
    }
}
