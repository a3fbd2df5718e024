import CLinux
import Glibc
import Synchronization

/// Tells when files may have changed, however that is done.
///
/// Editors write a file aside and give it the old name; Kubernetes exchanges a link, `..data`, beside it. So it is the
/// folders that are watched (inotify(7)): a watch on a file would stay with the one that is gone.
package enum FileWatch {
    /// How long a folder has to rest before a change is told: who writes several files is told of once.
    package static let rest = Duration.milliseconds(200)

    /// Something for each time that one of these files may have changed and its folder has then come to rest.
    ///
    /// Folders that are not there, or cannot be watched, are passed over. It ends when nobody waits for more.
    package static func changes(of paths: Set<String>, rest: Duration = Self.rest) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            guard let watch = Watch(paths) else { return }
            continuation.onTermination = { _ in watch.stop() }
            OwnThread.start {
                watch.run(rest: rest) { continuation.yield() }
            }
        }
    }
}

/// A thread's descriptors: the events, and a word that it is to end.
private final class Watch: Sendable {
    private let events: Int32
    private let end: Int32
    /// The names that count in each folder, by the number of its watch.
    private let names: [Int32: Set<String>]

    init?(_ paths: Set<String>) {
        events = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        end = eventfd(0, Int32(EFD_CLOEXEC))
        guard events >= 0, end >= 0 else {
            close(events)
            close(end)
            return nil
        }
        let mask = UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_DELETE | IN_ATTRIB)
        var names: [Int32: Set<String>] = [:]
        for path in paths {
            let slash = path.lastIndex(of: "/")
            let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
            let number = inotify_add_watch(events, folder, mask)
            if number >= 0 { names[number, default: ["..data"]].insert(String(name)) }
        }
        self.names = names
    }

    func stop() {
        var one: UInt64 = 1
        _ = write(end, &one, 8)
    }

    /// Waits and tells until it is stopped, and closes the descriptors.
    func run(rest: Duration, _ tell: () -> Void) {
        defer {
            close(events)
            close(end)
        }
        let pause = Int32(
            rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000)
        var hasChanged = false
        while true {
            var waits = [
                pollfd(fd: events, events: Int16(POLLIN), revents: 0),
                pollfd(fd: end, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&waits, 2, hasChanged ? pause : -1)
            if waits[1].revents != 0 || count < 0 && errno != EINTR { return }
            if count > 0 {
                if concerns() { hasChanged = true }
            } else if count == 0, hasChanged {
                hasChanged = false
                tell()
            }
        }
    }

    /// Whether one of the events that have come is about a name that counts.
    private func concerns() -> Bool {
        let head = MemoryLayout<inotify_event>.size
        var buffer = [UInt8](repeating: 0, count: 16_384)
        var answer = false
        while true {
            let count = read(events, &buffer, buffer.count)
            guard count > 0 else { return answer }
            var offset = 0
            while offset + head <= count {
                let event = buffer.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                }
                let start = offset + head
                offset = start + Int(event.len)
                guard offset <= count else { break }
                let name = String(decoding: buffer[start..<offset].prefix { $0 != 0 }, as: UTF8.self)
                // Events were lost: anything may have changed.
                answer = answer || event.wd < 0 || names[event.wd]?.contains(name) == true
            }
        }
    }
}
