package import Application
import Domain
import Glibc

/// A small file that nobody but its owner may read: made once, whole or not at all, and never changed.
package struct SecretFile: Sendable {
    /// The most bytes of a file that is taken for a secret.
    static let greatestSize = 4096

    private let path: String
    private let identifiers: IdentifierMaker

    /// The file at `path`, which need not be there yet; its folder must.
    package init(path: String, identifiers: IdentifierMaker) {
        self.path = path
        self.identifiers = identifiers
    }

    /// Lends what is in the file, and wipes it from memory afterwards; where there is no file, it is made.
    ///
    /// Of several that make it at once one wins, and each gets what that one has made. When this returns, the file
    /// and its name are on the disk.
    ///
    /// - Parameters:
    ///   - make: What a new file is to hold.
    ///   - body: What to do with it.
    /// - Throws: ``PortError/corrupt(_:)`` when others may read the file or it cannot be a secret,
    ///   ``PortError/unavailable(_:retryAfter:)`` and ``PortError/full(_:)`` when it cannot be read or made; and
    ///   what `body` throws.
    package func withContents<Value>(
        orMaking make: () -> [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws -> Value
    ) throws -> Value {
        if !isThere { try self.make(make()) }
        var contents = try read()
        defer { wipe(&contents) }
        return try contents.withUnsafeBufferPointer(body)
    }

    private var isThere: Bool {
        access(path, F_OK) == 0 || errno != ENOENT
    }

    /// Writes the file aside and gives it its name only when it is whole, and when nobody has it yet.
    private func make(_ bytes: consuming [UInt8]) throws {
        defer { wipe(&bytes) }
        let aside = "\(path).\(identifiers.make(SecretFile.self))"
        let file = try FileDescriptor(path: aside, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        defer { unlink(aside) }
        try bytes.withUnsafeBytes { try file.write($0, path: aside) }
        try file.sync(path: aside)
        // Unlike rename(2) it does not replace what another process has made meanwhile.
        guard link(aside, path) == 0 || errno == EEXIST else { throw PortError.file(path, errno) }
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try FileDescriptor(path: folder, O_RDONLY | O_DIRECTORY).sync(path: folder)
    }

    private func read() throws -> [UInt8] {
        let file = try FileDescriptor(path: path, O_RDONLY)
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw PortError.file(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG, (1...Self.greatestSize).contains(Int(status.st_size)) else {
            throw PortError.corrupt("\(path) does not hold a secret")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw PortError.corrupt("\(path) may be read by others than its owner: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = try bytes.withUnsafeMutableBytes { buffer in
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), path: path)
            }
            guard count > 0 else { throw PortError.corrupt("\(path) breaks off") }
            filled += count
        }
        return bytes
    }

    private func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { buffer in
            if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
        }
    }
}
