import Application
import Domain

/// Makes things to store; the same ones every time.
enum Sample {
    static let now = Timestamp(milliseconds: 1_790_000_000_123)

    static func id<Subject>(_ number: Int, _ kind: Subject.Type = Subject.self) -> Identifier<Subject> {
        Identifier(at: now + .seconds(number), randomness: (UInt64(number), UInt64(number)))
    }

    static func hash(_ number: Int) -> ContentHash {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
        guard let hash = ContentHash(bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        return hash
    }

    static func file(_ number: Int, bytes: Int64 = 1000) -> MediaFile {
        MediaFile(id: id(number), bytes: bytes, hash: hash(number))
    }

    static let facts = MediaFacts(
        duration: 61.25, width: 1920, height: 1080, frameRate: 29.97, videoCodec: "h264", audioCodec: nil,
        captions: [
            MediaFacts.CaptionTrack(index: 2, language: "eng", codec: "mov_text"),
            MediaFacts.CaptionTrack(index: 3, language: nil, codec: "subrip"),
        ])

    static func someone(_ number: Int) -> Identifier<User> { id(2000 + number) }

    static func upload(
        _ number: Int, owner: Identifier<User> = someone(1), content: Upload.Content = .video(facts)
    ) -> Upload {
        Upload(
            id: id(number), owner: owner, filename: "Übung \(number).mp4", content: content,
            file: file(number),
            createdAt: now)
    }

    static func task(
        _ number: Int, owner: Identifier<User> = someone(1),
        source: VideoTask.Source = .address("https://example.org/talk.mp4"),
        captions: Identifier<Upload>? = nil
    ) throws -> VideoTask {
        let options = try ClipOptions(
            count: 7, minDuration: 5.5, maxDuration: 90.25, formats: [.square, .vertical],
            captionTemplate: nil,
            captionChanges: CaptionChanges(
                font: "Größe", size: 0.07, colour: .init(red: 1, green: 2, blue: 250, opacity: 128)),
            topic: "naïve café", language: "pt-BR",
            ranges: [TimeSpan(start: 1.5, end: 9.75), TimeSpan(start: 20, end: 33)], mode: .quality,
            notifyAddress: WebhookAddress("https://hooks.example/done?x=1"))
        return try VideoTask(
            id: id(number), owner: owner, title: "Talk \(number)", source: source, captions: captions,
            filename: "talk.mp4", options: options, createdAt: now)
    }

    static func clip(_ number: Int, of task: Identifier<VideoTask>, rank: Int) -> Clip {
        let rendition = Clip.Rendition(
            format: .vertical, file: file(number * 10), size: PictureSize(width: 1080, height: 1920),
            duration: 12.5)
        return Clip(
            id: id(number), task: task, rank: rank, highlight: highlight,
            outcome: .rendered([rendition], thumbnail: file(number * 10 + 1)))
    }

    static let highlight = Highlight(
        span: TimeSpan(start: 3.25, end: 15.75), title: "A “title”", text: "What is said.",
        score: HighlightScore(hook: 25, engagement: 0, value: 13, shareability: 7), hookType: .statistic,
        reasoning: "It opens with a number.")

    static let transcript = Transcript(
        words: [
            Word(text: "Grüß", span: TimeSpan(start: 0.5, end: 0.75), confidence: 0.875, speaker: nil),
            Word(
                text: "Gott!", span: TimeSpan(start: 0.75, end: 1), confidence: nil,
                speaker: Speaker(label: "B")),
        ],
        language: "de", engine: "captions")

    static let pictures = PictureTrack(
        samples: [
            PictureTrack.Sample(
                time: 0.5, columns: (0..<32).map { UInt8($0 * 8) }, rows: (0..<18).map { UInt8($0 * 14) },
                motion: 0.25)
        ],
        cuts: [1.25, 7.5], end: 60.5)

    static let analysis = Analysis(
        highlights: [highlight], summary: nil, keyTopics: ["numbers", "openings"], finder: "offline")

    static func job(
        _ number: Int, owner: Identifier<User>? = nil, kind: String = "sample",
        subject: Identifier<Job.Subject>? = nil,
        queue: String = Job.ordinaryQueue, priority: Int = Job.ordinaryPriority, uniqueKey: String? = nil,
        failureLimit: Int = Job.ordinaryFailureLimit, dueAt: Timestamp? = nil
    ) -> Job {
        Job(
            id: id(number), owner: owner, kind: kind, subject: subject,
            arguments: [0, 255, UInt8(number & 0x7F)],
            queue: queue, priority: priority, uniqueKey: uniqueKey, failureLimit: failureLimit, dueAt: dueAt,
            now: now)
    }

    static func owner(_ number: Int) -> Identifier<JobOwner> { id(1000 + number) }

    static let failure = JobFailure(code: "unavailable", message: "It was “not” there.")

    /// A job in every state, with a log, numbered from 1.
    static func jobsInEveryState() throws -> [Job] {
        func made(_ number: Int, _ change: (inout Job, JobHold) throws -> Void) throws -> Job {
            var job = job(number, owner: someone(1), subject: id(7), uniqueKey: "key \(number)")
            try job.claim(by: owner(1), at: now, until: now + .seconds(30))
            let hold = JobHold(job: job.id, attempt: 1)
            try job.report(JobProgress(percent: 37.5, stage: "rendering"), by: hold)
            try change(&job, hold)
            return job
        }
        func end(_ outcome: JobOutcome) -> (inout Job, JobHold) throws -> Void {
            { job, hold in
                try job.end(hold, as: outcome, at: now + .seconds(1), policy: .ordinary, chance: 0)
            }
        }
        return [
            job(1),
            job(2, dueAt: now + .seconds(60)),
            try made(3) { _, _ in },
            try made(4) { job, _ in try job.requestCancellation(at: now) },
            try made(5) { job, hold in try job.interrupt(hold, because: .ownerGone, at: now + .seconds(1)) },
            try made(6, end(.snoozed(until: now + .seconds(5)))),
            try made(7, end(.failed(failure, retry: .byPolicy))),
            try made(8, end(.completed)),
            try made(9, end(.cancelled)),
            try made(10, end(.failed(failure, retry: .never))),
        ]
    }
}
