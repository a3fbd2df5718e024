internal import Application
internal import Domain

/// How the numbers of the store stand on the wire and in the metrics.
enum StatisticsWire {
    static let output = JSONOutput<StoreStatistics>.object(
        "Statistics", "How much is stored.",
        [
            JSONField("tasks", tasks, "Tasks by status.") { $0.tasks },
            JSONField("clips", .count, "Rendered clips.", example: 12) { $0.clips },
            JSONField("uploads", .count, "Uploads.", example: 4) { $0.uploads },
            JSONField("media_bytes", .count, "Bytes of all uploads and clips.", example: 73_400_320) {
                $0.mediaBytes
            },
        ])

    private static let tasks = JSONOutput<[VideoTask.Status.Name: Int]>.object(
        "TaskCounts", "Tasks by status.",
        VideoTask.Status.Name.allCases.map { name in
            JSONField(name.rawValue, .count, "Tasks that are \(name.rawValue).", example: 1) { $0[name] ?? 0 }
        })

    /// The same numbers as metrics.
    static func write(_ statistics: StoreStatistics, to text: inout MetricsText) {
        text.family("cutroom_tasks", "gauge", "Tasks by status.")
        for name in VideoTask.Status.Name.allCases {
            text.sample("cutroom_tasks", "status=\"\(name.rawValue)\"", Double(statistics.tasks[name] ?? 0))
        }
        text.family("cutroom_clips", "gauge", "Rendered clips.")
        text.sample("cutroom_clips", "", Double(statistics.clips))
        text.family("cutroom_uploads", "gauge", "Uploads.")
        text.sample("cutroom_uploads", "", Double(statistics.uploads))
        text.family("cutroom_media_bytes", "gauge", "Bytes of all uploads and clips.")
        text.sample("cutroom_media_bytes", "", Double(statistics.mediaBytes))
    }
}
