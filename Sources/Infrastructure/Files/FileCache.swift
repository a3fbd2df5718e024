package import Application
package import Domain
import Glibc
import Synchronization

/// Keeps derived artefacts in a folder of this machine: a folder for each owner, so that what is an owner's can go
/// with the owner, and in it one file for each artefact, named by the hash of its key.
///
/// A file appears whole, by renaming, and begins with the hash of what follows; one that does not agree with
/// its hash, cannot be read back or is too old counts as forgotten and is removed. When the folder grows
/// beyond its bound the oldest go first. Several processes may share it.
package final class FileCache: ArtefactCache {
    /// What it did since it was opened, and what it holds.
    package struct Statistics: Hashable, Sendable {
        /// How often something was found.
        package var hits = 0
        /// How often nothing was found.
        package var misses = 0
        /// How many artefacts were kept.
        package var kept = 0
        /// How many were removed because they were too old.
        package var expired = 0
        /// How many were removed to make room.
        package var evicted = 0
        /// How many were removed because they could not be read back.
        package var corrupt = 0
        /// How many there are.
        package var entries = 0
        /// How many bytes they take.
        package var bytes: Int64 = 0
    }

    private enum Kind: String {
        case transcript, analysis
    }

    /// What eviction leaves of the bound, so that it is not needed again at once.
    private static let shareAfterEviction = 0.9
    /// A temporary file that is older than this was left by a dead process.
    private static let orphanAge = Duration.seconds(3600)
    private static let hashBytes = 32

    private let folder: String
    private let lifetime: Duration
    private let mostBytes: Int64
    private let clock: any WallClock
    private let counts = Mutex(Statistics())
    private let names = Atomic(0)

    /// A cache in `folder`, which is made where it is missing.
    ///
    /// - Parameters:
    ///   - lifetime: How long an artefact is kept.
    ///   - mostBytes: How many bytes all of them may take.
    /// - Throws: ``PortError`` when the folder cannot be used.
    package init(folder: String, lifetime: Duration, mostBytes: Int64, clock: any WallClock) throws(PortError)
    {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .file(folder, errno) }
        self.folder = folder
        self.lifetime = lifetime
        self.mostBytes = mostBytes
        self.clock = clock
        removeUnowned()
        let present = entries()
        counts.withLock { counts in
            counts.entries = present.count
            counts.bytes = present.reduce(0) { $0 + $1.bytes }
        }
    }

    /// Has metrics tell what it did and holds.
    package func tell(_ metrics: Metrics) {
        metrics.collect(.cacheLookups) {
            let statistics = self.statistics()
            return [
                MetricSample(["hit"], .count(statistics.hits)),
                MetricSample(["miss"], .count(statistics.misses)),
            ]
        }
        metrics.collect(.cacheEntries) { [MetricSample(.count(self.statistics().entries))] }
        metrics.collect(.cacheBytes) { [MetricSample(.number(Double(self.statistics().bytes)))] }
    }

    /// What it did and holds.
    package func statistics() -> Statistics { counts.withLock { $0 } }

    /// The transcript under that key.
    package func transcript(for key: ArtefactKey) async -> Transcript? {
        await find(.transcript, key) { try Transcript(record: $0) }
    }

    /// Keeps a transcript.
    package func keep(_ transcript: Transcript, for key: ArtefactKey) async {
        await keep(transcript.record, .transcript, key)
    }

    /// The analysis under that key.
    package func analysis(for key: ArtefactKey) async -> Analysis? {
        await find(.analysis, key) { try Analysis(record: $0) }
    }

    /// Keeps an analysis.
    package func keep(_ analysis: Analysis, for key: ArtefactKey) async {
        await keep(analysis.record, .analysis, key)
    }

    /// Removes what was kept for an owner, and nothing else is looked at.
    ///
    /// - Throws: ``PortError`` when something of it cannot be removed.
    package func forgetAll(of owner: Identifier<User>) async throws {
        try await OwnThread.run { _ in try self.empty(self.folder(of: owner)) }
    }

    private func empty(_ folder: String) throws(PortError) {
        for name in FileBytes.names(in: folder) {
            let path = "\(folder)/\(name)"
            let bytes = name.hasSuffix(".tmp") ? nil : Self.entry(path)?.bytes
            guard unlink(path) == 0 || errno == ENOENT else { throw .file(path, errno) }
            guard let bytes else { continue }
            counts.withLock { counts in
                counts.entries -= 1
                counts.bytes -= bytes
            }
        }
        guard rmdir(folder) == 0 || errno == ENOENT else { throw .file(folder, errno) }
    }

    // MARK: - Entries

    private func folder(of owner: Identifier<User>) -> String { "\(folder)/\(owner)" }

    private func path(_ kind: Kind, _ key: ArtefactKey) -> String {
        // Lengths keep apart what would read the same when joined.
        let text = ([kind.rawValue, key.settings] + key.contents.map(\.hexadecimal))
            .map { "\($0.utf8.count):\($0)" }.joined()
        return "\(folder(of: key.owner))/\(Self.hash(of: Array(text.utf8)).hexadecimal)"
    }

    private static func hash(of bytes: some Sequence<UInt8>) -> ContentHash {
        var hasher = ContentHasher()
        Array(bytes).withUnsafeBytes { hasher.update($0) }
        return hasher.finish()
    }

    private func find<Value: Sendable>(
        _ kind: Kind, _ key: ArtefactKey, read: @escaping @Sendable ([UInt8]) throws -> Value
    ) async -> Value? {
        let path = path(kind, key)
        let found = try? await OwnThread.run { _ in self.load(path, read) }
        let isFound = found != nil
        counts.withLock { counts in
            if isFound { counts.hits += 1 } else { counts.misses += 1 }
        }
        return found
    }

    private func load<Value>(_ path: String, _ read: ([UInt8]) throws -> Value) -> Value? {
        guard let entry = Self.entry(path) else { return nil }
        guard clock.now() - entry.writtenAt < lifetime else {
            remove(entry) { $0.expired += 1 }
            return nil
        }
        guard let bytes = try? FileBytes.read(path), bytes.count > Self.hashBytes,
            Self.hash(of: bytes[Self.hashBytes...]).bytes == Array(bytes[..<Self.hashBytes]),
            let value = try? read(Array(bytes[Self.hashBytes...]))
        else {
            remove(entry) { $0.corrupt += 1 }
            return nil
        }
        return value
    }

    private func keep(_ record: [UInt8], _ kind: Kind, _ key: ArtefactKey) async {
        let (folder, path) = (folder(of: key.owner), path(kind, key))
        // Whatever fails, a full disk above all, costs only what would have been saved.
        try? await OwnThread.run { _ in
            mkdir(folder, 0o700)
            self.store(Self.hash(of: record).bytes + record, at: path)
        }
    }

    private func store(_ bytes: [UInt8], at path: String) {
        guard Int64(bytes.count) <= mostBytes else { return }
        let temporary = "\(path).\(getpid())-\(names.add(1, ordering: .relaxed).newValue).tmp"
        let replaced = Self.entry(path)?.bytes
        do throws(PortError) {
            try FileBytes.write(bytes, to: temporary, at: clock.now(), durably: false)
            guard rename(temporary, path) == 0 else { throw .file(path, errno) }
        } catch {
            unlink(temporary)
            return
        }
        let isFull = counts.withLock { counts in
            counts.kept += 1
            counts.entries += replaced == nil ? 1 : 0
            counts.bytes += Int64(bytes.count) - (replaced ?? 0)
            return counts.bytes > mostBytes
        }
        if isFull { makeRoom() }
    }

    /// Removes the oldest entries until the folder is well within its bound, and what dead processes left.
    private func makeRoom() {
        let present = entries().sorted { $0.writtenAt < $1.writtenAt }
        var bytes = present.reduce(0) { $0 + $1.bytes }
        // Other processes add and remove too: what is there now is what counts.
        counts.withLock { ($0.entries, $0.bytes) = (present.count, bytes) }
        for entry in present where bytes > Int64(Double(mostBytes) * Self.shareAfterEviction) {
            remove(entry) { $0.evicted += 1 }
            bytes -= entry.bytes
        }
    }

    private func remove(_ entry: Entry, because count: (inout Statistics) -> Void) {
        guard unlink(entry.path) == 0 else { return }
        counts.withLock { counts in
            count(&counts)
            counts.entries -= 1
            counts.bytes -= entry.bytes
        }
    }

    private struct Entry {
        let path: String
        let bytes: Int64
        let writtenAt: Timestamp
    }

    private static func entry(_ path: String) -> Entry? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let written = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
        return Entry(
            path: path, bytes: Int64(status.st_size), writtenAt: Timestamp(milliseconds: written))
    }

    /// All entries; temporary files of dead processes are removed on the way.
    private func entries() -> [Entry] {
        FileBytes.names(in: folder).flatMap { owner in
            FileBytes.names(in: "\(folder)/\(owner)").compactMap { name -> Entry? in
                guard let entry = Self.entry("\(folder)/\(owner)/\(name)") else { return nil }
                guard name.hasSuffix(".tmp") else { return entry }
                if clock.now() - entry.writtenAt > Self.orphanAge { unlink(entry.path) }
                return nil
            }
        }
    }

    /// Removes files that stand in no owner's folder: nobody finds them, and nobody takes them along.
    private func removeUnowned() {
        for name in FileBytes.names(in: folder) where Self.entry("\(folder)/\(name)") != nil {
            unlink("\(folder)/\(name)")
        }
    }
}
