package import Domain

/// Which lines of the log are asked for; what is nil asks for nothing.
package struct LogFilter: Hashable, Sendable {
    /// Only lines that are at least as severe.
    package var level: LogLevel?
    /// Only lines of this request.
    package var requestID: String?
    /// Only lines about this task.
    package var task: Identifier<VideoTask>?
    /// Only lines of this part of the program.
    package var logger: String?
    /// Only lines from this moment on.
    package var since: Timestamp?

    /// Asks for everything.
    package init() {}

    func takes(_ record: LogRecord) -> Bool {
        (level.map { record.level >= $0 } ?? true) && (requestID.map { record.isOf(request: $0) } ?? true)
            && (task.map { record.isAbout($0) } ?? true) && (logger.map { record.logger == $0 } ?? true)
            && (since.map { record.time >= $0 } ?? true)
    }
}

extension LogRecord {
    /// Whether it belongs to a request: one that the server refused by itself says so alone.
    fileprivate func isOf(request id: String) -> Bool {
        requestID == id || fields.contains { $0.name == "request_id" && $0.value == .text(id) }
    }

    /// Whether it is about a task: by what it belongs to, or by what it says.
    fileprivate func isAbout(_ task: Identifier<VideoTask>) -> Bool {
        if self.task == task { return true }
        return fields.contains { ["task_id", "subject"].contains($0.name) && $0.value == .text("\(task)") }
    }
}

/// Shows an administrator the last lines of the log, newest first.
package struct ListLogLines: Sendable {
    private let ring: LogRing

    /// The use case over the lines that are kept in memory.
    package init(_ ring: LogRing) {
        self.ring = ring
    }

    /// A page of the lines before the one with the number `cursor`.
    ///
    /// - Throws: ``Domain/AccessError`` for whoever is no administrator.
    package func callAsFunction(
        _ filter: LogFilter, by caller: Caller, limit: Int = PageSize.usual, before cursor: Int64? = nil
    ) throws -> Page<LogRing.Entry, Int64> {
        try caller.require(.admin)
        let limit = PageSize.nearest(to: limit)
        let found = ring.newestFirst.lazy.filter { entry in
            cursor.map { entry.number < $0 } ?? true && filter.takes(entry.record)
        }
        // One more than asked for tells whether there is a next page.
        let lines = Array(found.prefix(limit + 1))
        let page = Array(lines.prefix(limit))
        return Page(items: page, next: lines.count > limit ? page.last?.number : nil)
    }
}
