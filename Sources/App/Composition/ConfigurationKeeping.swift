import Application
import Domain
import Infrastructure
import Synchronization

/// Keeps the configuration of a server: looks when it may have changed, and has it read again.
struct ConfigurationKeeping: Sendable {
    /// What holds, and how it came to be.
    let keeper: ConfigurationKeeper
    fileprivate let files: NotedFiles
    fileprivate let hangups: AsyncStream<Void>

    /// Reads it again on each SIGHUP and whenever one of its files has changed, until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await keeper.follow() }
            group.addTask {
                for await _ in hangups { await reload() }
            }
            group.addTask { await watch() }
        }
    }

    /// Follows the files, and others once it names others.
    private func watch() async {
        while !Task.isCancelled {
            let paths = files.paths
            let changes = FileWatch.changes(of: paths)
            // What changed before anybody watched.
            await reload()
            for await _ in changes {
                await reload()
                if files.paths != paths { break }
            }
        }
    }

    /// What goes wrong is told in the log and by the health.
    private func reload() async {
        _ = try? await ReloadConfiguration(keeper)()
    }
}

extension CompositionRoot {
    /// Keeps the configuration of the server that was called so.
    ///
    /// To be called after ``Interruption/requests()``, whose thread listens for SIGHUP.
    func configurationKeeping(_ invocation: Invocation) throws -> ConfigurationKeeping {
        let files = NotedFiles()
        let read: @Sendable () throws -> EffectiveConfiguration = {
            do {
                let configuration = try Configuration(
                    flags: invocation.flags, environment: invocation.environment, files: files)
                try configuration.requireUsable()
                return configuration.ofService
            } catch let error as ConfigurationError {
                throw ConfigurationRefusal.unreadable(error.description)
            } catch let error as CommandFailure {
                throw ConfigurationRefusal.unreadable(error.line)
            }
        }
        // Only to know the files: what was read at the start holds until one of them changes.
        _ = try? read()
        let (hangups, told) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        Hangup.onEach { told.yield() }
        return ConfigurationKeeping(
            keeper: try ConfigurationKeeper(
                over: below, settings: settings, desk: desk, log: log, read: read),
            files: files, hangups: hangups)
    }
}

extension Configuration {
    /// The settings of the service: what a person orders, and what single commands take, is nothing to a server.
    var ofService: EffectiveConfiguration {
        effective.limited(to: Set((Settings.general + Settings.service).map(\.name)))
    }

    /// Checks what no single setting can know.
    func requireUsable() throws {
        try requireSafeBinding()
        _ = try tlsFiles()?.identity()
    }
}

extension Invocation {
    /// The settings as a file would have them, whatever the environment says; unknown names are faults.
    func configuration(readingFile path: String) throws(ConfigurationError) -> Configuration {
        var flags = flags
        flags[Settings.configurationFile.declaration.name] = [path]
        flags[Settings.configurationValidation.declaration.name] = [ValidationLevel.strict.rawValue]
        return try Configuration(
            flags: flags, environment: environment.filter { !$0.key.hasPrefix("CUTROOM_") })
    }
}

/// The files on the disk, and which of them were asked for.
final class NotedFiles: ConfigurationFiles {
    private let noted = Mutex<Set<String>>([])

    /// The files that were asked for, whether they were there or not.
    var paths: Set<String> { noted.withLock { $0 } }

    func settings(at path: String) throws(ConfigurationError) -> [String: [String]] {
        noted.withLock { _ = $0.insert(path) }
        return try FilesOnDisk().settings(at: path)
    }

    func secret(at path: String) throws(SettingRefusal) -> String {
        noted.withLock { _ = $0.insert(path) }
        return try FilesOnDisk().secret(at: path)
    }
}

/// A box whose key is looked for when it is first needed, and from then on kept.
final class LateBox: Sendable {
    private let made = Mutex<(any SecretBox)?>(nil)
    private let make: @Sendable () throws -> any SecretBox

    init(_ make: @escaping @Sendable () throws -> any SecretBox) {
        self.make = make
    }

    /// The box.
    func get() throws -> any SecretBox {
        try made.withLock { made in
            let box = try made ?? make()
            made = box
            return box
        }
    }
}
