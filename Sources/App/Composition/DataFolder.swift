import FoundationEssentials

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

    /// Makes it where it is missing.
    func make() throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(line: "the data folder \(path) cannot be made; --data names another")
        }
    }
}
