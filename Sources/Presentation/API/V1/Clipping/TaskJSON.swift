package import Application
package import Domain

/// The task object of the API for those who show it elsewhere, such as the command line.
package enum TaskJSON {
    /// The object that `GET /api/v1/tasks/{id}` answers.
    ///
    /// - Parameter paths: Finds files on this machine; `clips[].formats[].path` is there where it does.
    package static func encode(
        _ details: TaskDetails, paths: (@Sendable (Identifier<MediaFile>) -> String?)? = nil
    ) -> [UInt8] {
        TaskWire.task.encode(
            TaskWire.Shown(details, paths: paths), capacity: 1536 + 1536 * details.clips.count)
    }
}
