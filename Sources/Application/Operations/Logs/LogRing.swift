internal import Synchronization

/// The last lines of the log, kept in memory so that they can be asked for.
package final class LogRing: LogSink {
    /// How many lines are kept unless something else is said: about a megabyte of them.
    package static let usualCapacity = 2000

    /// A line with its number.
    package struct Entry: Sendable {
        /// Its number: each line has a higher one than those before it.
        package let number: Int64
        /// The line.
        package let record: LogRecord
    }

    private struct State {
        var entries: [Entry] = []
        /// Where the oldest is, once all places are taken.
        var start = 0
        var next: Int64 = 1
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// A ring of so many lines.
    package init(capacity: Int = usualCapacity) {
        self.capacity = max(1, capacity)
    }

    /// What metrics call it.
    package var name: String { "ring" }

    /// Keeps a line, in the place of the oldest when all are taken.
    package func take(_ record: LogRecord) -> Bool {
        state.withLock { state in
            let entry = Entry(number: state.next, record: record)
            state.next += 1
            if state.entries.count < capacity {
                state.entries.append(entry)
            } else {
                state.entries[state.start] = entry
                state.start = (state.start + 1) % capacity
            }
        }
        return true
    }

    /// All lines that are left, newest first.
    var newestFirst: [Entry] {
        let (entries, start) = state.withLock { ($0.entries, $0.start) }
        return (entries[start...] + entries[..<start]).reversed()
    }
}
