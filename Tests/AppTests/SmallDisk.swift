import FoundationEssentials
import Glibc
import Testing

/// A disk of 64 MiB, where this user may mount one: as large as the smallest on which the program works at all,
/// since it leaves 32 MiB alone.
enum SmallDisk {
    static let isAllowed =
        system("d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d 2>/dev/null && umount $d && rmdir $d")
        == 0

    /// Runs `body` with the program, whose data folder is such a disk.
    static func use(_ body: (Cutroom) async throws -> Void) async throws {
        try await Cutroom.use { cutroom in
            try FileManager.default.createDirectory(atPath: cutroom.data, withIntermediateDirectories: true)
            try #require(system("mount -t tmpfs -o size=64m tmpfs '\(cutroom.data)'") == 0)
            // Also what a failed test leaves open does not keep it.
            defer { system("umount -l '\(cutroom.data)'") }
            try await body(cutroom)
        }
    }

    /// Fills the disk at `folder` with a file until so many bytes are free.
    static func fill(_ folder: String, leaving free: Int, with path: String) throws {
        var status = statvfs()
        try #require(statvfs(folder, &status) == 0)
        let size = Int(status.f_bavail) * Int(status.f_frsize) - free
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        try #require(file >= 0 && size > 0)
        defer { close(file) }
        try #require(posix_fallocate(file, 0, off_t(size)) == 0)
    }
}
