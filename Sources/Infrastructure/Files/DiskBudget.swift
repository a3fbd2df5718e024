package import Application
import Glibc

/// Keeps some of the disk for work that has begun: new work is refused before there is too little left to end it.
///
/// What has begun may go on down to the floor of ``FileMediaStore``, below which only the database writes.
package struct DiskBudget: StorageBudget {
    /// The most that is kept by default, in bytes.
    package static let mostByDefault: Int64 = 512 << 20

    /// How many bytes new work leaves alone; never less than ``FileMediaStore/defaultFloor``.
    package let reserve: Int64
    private let folder: String

    /// A budget of the disk of `folder`.
    ///
    /// - Parameter reserve: How many bytes new work leaves alone; nil for a twentieth of the disk, at most
    ///   ``mostByDefault``.
    package init(folder: String, reserve: Int64?) {
        self.folder = folder
        let share = Self.space(of: folder).map { min($0.total / 20, Self.mostByDefault) }
        self.reserve = max(FileMediaStore.defaultFloor, reserve ?? share ?? Self.mostByDefault)
    }

    package func requireRoom() throws(PortError) {
        guard let space = Self.space(of: folder) else { throw .file(folder, errno) }
        guard space.free >= reserve else {
            throw .full(
                "only \(space.free >> 20) MiB are free at \(folder), and new work leaves \(reserve >> 20) MiB alone"
            )
        }
    }

    private static func space(of folder: String) -> (total: Int64, free: Int64)? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return (
            Int64(clamping: UInt64(status.f_blocks) * UInt64(status.f_frsize)),
            Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        )
    }
}
