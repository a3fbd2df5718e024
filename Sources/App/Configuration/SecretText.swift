import Application
import Glibc

/// A secret that lies in a file of its own, as Docker, Kubernetes and systemd hand them out.
enum SecretText {
    private static let greatestSize = 65_536

    /// What the file holds, without the ends of lines behind it.
    ///
    /// - Throws: ``Application/SettingRefusal`` where the file cannot be read, holds no line of text, or is open to
    ///   others: whoever may change it could have the server show its other secrets to a machine of theirs.
    static func read(_ path: String) throws(SettingRefusal) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refusal(path, "cannot be read") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal(path, "is no file")
        }
        guard status.st_mode & 0o027 == 0 else {
            throw refusal(path, "may be read or changed by others: chmod 600 \(path)")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw refusal(path, "belongs to someone else")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= greatestSize {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw refusal(path, "cannot be read") }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard (1...greatestSize).contains(bytes.count), !bytes.contains(0),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw refusal(path, "does not hold one secret as text") }
        return text
    }

    private static func refusal(_ path: String, _ fault: String) -> SettingRefusal {
        SettingRefusal(expectation: "names the file \(path), which \(fault)")
    }
}
