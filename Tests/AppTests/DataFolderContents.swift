import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Testing

/// What a test finds in a data folder, and of the programs that were started for it.
extension Cutroom {
    /// The names of the files that are kept.
    var keptFiles: Set<String> {
        get throws {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: data + "/media")
            return Set(paths.compactMap { $0.split(separator: "/").dropFirst().last.map(String.init) })
        }
    }

    /// What is in the folder for work in progress: of a process that lives, its own folder.
    var temporaryFolders: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: data + "/tmp").filter { !$0.hasPrefix(".") }
        }
    }

    /// What is in progress.
    var temporaryFiles: [String] {
        get throws {
            try FileManager.default.subpathsOfDirectory(atPath: data + "/tmp").filter {
                $0.contains("/") && !$0.hasSuffix("/published")
            }
        }
    }

    /// Opens the store while nothing else has it open.
    func withStore<Value>(_ body: (SQLiteStore) throws -> Value) throws -> Value {
        let store = try SQLiteStore(path: data + "/cutroom.sqlite")
        defer { store.database.close() }
        return try body(store)
    }

    /// What the integrity check says of the store as a kill has left it.
    ///
    /// It looks at a copy: the program is to recover the store itself.
    func integrityProblems() throws -> [String] {
        let manager = FileManager.default
        let copy = "\(folder)/copy-\(UInt64.random(in: 0 ... .max))"
        try manager.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: copy) }
        for name in try manager.contentsOfDirectory(atPath: data) where name.hasPrefix("cutroom.sqlite") {
            try manager.copyItem(atPath: "\(data)/\(name)", toPath: "\(copy)/\(name)")
        }
        let store = try SQLiteStore(path: copy + "/cutroom.sqlite")
        defer { store.database.close() }
        return try store.database.integrityProblems()
    }

    /// The programs that were started for this test by the program, each with the mark that it carries.
    var programs: [pid_t: String] {
        var programs: [pid_t: String] = [:]
        for identifier in ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap({
            pid_t($0)
        }) {
            let variables = (FileManager.default.contents(atPath: "/proc/\(identifier)/environ") ?? Data())
                .split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard variables.contains("HOME=\(folder)"),
                let mark = variables.first(where: { $0.hasPrefix("CUTROOM_PROCESS=") })
            else { continue }
            programs[identifier] = String(mark.dropFirst("CUTROOM_PROCESS=".count))
        }
        return programs
    }

    /// Expects of a data folder that nobody uses any more that it holds exactly what its rows speak of, that
    /// each of the tasks has ended once and that nothing is left of any work.
    func expectOrder(_ tasks: [String]) throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: data + "/tmp") == [".lock"])
        #expect(programs.isEmpty)
        let kept = try keptFiles
        try withStore { store in
            #expect(try store.database.integrityProblems() == [])
            let files = Set(kept.compactMap { Identifier<MediaFile>($0) })
            #expect(files.count == kept.count)
            #expect(try store.files(among: files) == files, "every file has its row")
            for id in try tasks.map({ try #require(Identifier<VideoTask>($0)) }) {
                let (task, clips, notices, jobs) = try store.read { reader in
                    (
                        try #require(try reader.tasks.find(id)), try reader.clips.all(of: id),
                        try reader.notices.notices(of: id, after: 0, limit: 1000).map(\.notice),
                        try reader.jobs.page(of: nil, state: nil, limit: 100, before: nil).items
                            .filter { $0.subject == Identifier(id) }
                    )
                }
                #expect(jobs.count == 1 && jobs.allSatisfy(\.state.name.isFinal))
                #expect(notices.count { if case .closed = $0 { true } else { false } } == 1)
                #expect(Set(clips.map(\.rank)).count == clips.count)
                let own = Set(clips.flatMap(\.files).map(\.id)).union(
                    task.acquired.map { [$0.file.id] } ?? [])
                #expect(files.isSuperset(of: own), "every row has its file")
                // The clips' files are those of their rows, and no others.
                #expect(
                    files.filter { Clip.isFile($0, of: id) } == Set(clips.flatMap(\.files).map(\.id)))
            }
        }
    }
}

/// Waits until a process that may be nobody's child here has ended.
func ended(_ identifier: pid_t) async {
    await onOwnThread {
        // A process that is gone has no status; one that nobody has buried yet is a zombie.
        while let status = FileManager.default.contents(atPath: "/proc/\(identifier)/stat"),
            !String(decoding: status, as: UTF8.self).contains(") Z ")
        {
            usleep(5000)
        }
    }
}
