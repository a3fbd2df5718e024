import FoundationEssentials
import Glibc

/// The folder in which everything is kept.
struct DataFolder: Sendable {
    /// Its absolute path.
    let path: String

    /// The folder that the settings name; `~` is the user's own folder.
    init(_ configuration: Configuration, environment: [String: String]) {
        var path = configuration[Settings.data]
        if path == "~" || path.hasPrefix("~/") {
            path = environment["HOME", default: "/root"] + path.dropFirst()
        }
        if !path.hasPrefix("/") { path = FileManager.default.currentDirectoryPath + "/" + path }
        self.path = path
    }

    /// The database.
    var database: String { path + "/cutroom.sqlite" }
    /// Where each process that runs jobs keeps a lock.
    var owners: String { path + "/owners" }
    /// What was found out about sources.
    var cache: String { path + "/cache" }
    /// Calls to services that have begun.
    var calls: String { path + "/calls" }

    /// The secret by which tokens are signed and kept.
    var secretKey: String { path + "/secret.key" }

    /// Makes it where it is missing, for its owner alone: the database holds what people keep to themselves.
    func make() throws(CommandFailure) {
        let parent = path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        try? FileManager.default.createDirectory(
            atPath: parent.isEmpty ? "/" : parent, withIntermediateDirectories: true)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST && isFolder else {
            throw CommandFailure(line: "the data folder \(path) cannot be made; --data names another")
        }
    }

    /// Whether others of this machine may look into it.
    var isOpenToOthers: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    private var isFolder: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
