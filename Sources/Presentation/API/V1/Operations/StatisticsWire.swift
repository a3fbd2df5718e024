internal import Application
internal import Domain

/// How the numbers of the store stand on the wire and in the metrics.
enum StatisticsWire {
    static let output = JSONOutput<Statistics>.object(
        "Statistics", "How much is stored, and how the queue stands.",
        [
            JSONField("tasks", tasks, "Tasks by status.") { $0.store.tasks },
            JSONField("jobs", jobs, "Jobs by state.") { $0.jobs },
            JSONField("clips", .count, "Rendered clips.", example: 12) { $0.store.clips },
            JSONField("uploads", .count, "Uploads.", example: 4) { $0.store.uploads },
            JSONField("media_bytes", .count, "Bytes of all uploads and clips.", example: 73_400_320) {
                $0.store.mediaBytes
            },
        ])

    static let tasks = JSONOutput<[VideoTask.Status.Name: Int]>.object(
        "TaskCounts", "Tasks by status.",
        VideoTask.Status.Name.allCases.map { name in
            JSONField(name.rawValue, .count, "Tasks that are \(name.rawValue).", example: 1) { $0[name] ?? 0 }
        })

    static let jobs = JSONOutput<[Job.State.Name: Int]>.object(
        "JobCounts", "Jobs by state.",
        Job.State.Name.allCases.map { name in
            JSONField(name.rawValue, .count, "Jobs that are \(name.rawValue).", example: 1) { $0[name] ?? 0 }
        })
}
