import Application
import Domain
import FoundationEssentials
import Synchronization

/// A media store that only gives out temporary folders and names in one folder.
final class ScratchStore: MediaStore {
    private let folder: String
    private let count = Atomic(0)

    init(in folder: String) {
        self.folder = folder
    }

    private func next() -> Int { count.add(1, ordering: .relaxed).newValue }

    func stage(suffix: String) throws -> StagedFile {
        StagedFile(path: "\(folder)/staged-\(next())\(suffix)")
    }

    func scratch() throws -> ScratchFolder {
        let path = "\(folder)/scratch-\(next())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return ScratchFolder(path: path)
    }

    func clear(_ folder: ScratchFolder) {
        try? FileManager.default.removeItem(atPath: folder.path)
    }

    func open() throws -> any MediaWriter { throw PortError.unavailable("not needed") }
    func take(_ staged: StagedFile, as id: Identifier<MediaFile>?) async throws -> MediaFile {
        throw PortError.unavailable("not needed")
    }
    func copy(path: String) async throws -> MediaFile { throw PortError.unavailable("not needed") }
    func discard(_ staged: StagedFile) {}
    func path(of file: Identifier<MediaFile>) -> String? { nil }
    func remove(_ files: [Identifier<MediaFile>]) async throws {}
}
