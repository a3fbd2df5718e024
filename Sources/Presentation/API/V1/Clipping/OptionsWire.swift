internal import Domain

/// How clip options stand on the wire, going in and coming out.
enum OptionsWire {
    static let output = JSONOutput<TaskWire.Shown>.object(
        "Options", "What is wanted, defaults filled in.",
        [
            JSONField("count", .integer(ClipOptions.countRange), "How many clips are wanted.", example: 3) {
                $0.task.options.count
            },
            JSONField(
                "min_duration", .number(ClipOptions.minDurationRange),
                "The least length of a clip, in seconds.",
                example: 15
            ) { $0.task.options.minDuration },
            JSONField(
                "max_duration", .number(ClipOptions.maxDurationRange),
                "The greatest length of a clip, in seconds.", example: 60
            ) { $0.task.options.maxDuration },
            JSONField(
                "formats", .list(of: .name, 1...ClipFormat.allCases.count),
                "The shapes that are rendered.", example: ["vertical"]
            ) { $0.task.options.formats },
            JSONField("captions", CaptionsWire.output, "How captions look.") {
                ($0.task.options.captionTemplate, $0.task.options.captionChanges)
            },
            JSONField("topic", .nullable(.text), "What the clips should be about.") { $0.task.options.topic },
            JSONField("language", .nullable(.text), "The spoken language, as a BCP 47 tag.") {
                $0.task.options.language
            },
            JSONField(
                "ranges", .list(of: range, 0...ClipOptions.mostRanges),
                "Spans chosen by hand; when there are any, nothing is searched."
            ) { $0.task.options.ranges },
            JSONField("mode", .name, "How much work goes into a clip.", example: "balanced") {
                $0.task.options.mode
            },
            JSONField("notify_url", .nullable(.text), "Who is told when the task has ended.") {
                $0.task.options.notifyAddress?.text
            },
        ])

    /// What is wanted, and what of it was left to the caller's preferences.
    struct Wish: Sendable {
        let options: ClipOptions
        let leftOut: Set<Preferences.Field>
    }

    /// What is wanted; `templates` are the names of the caption templates that there are.
    static func input(templates: [String]) -> JSONInput<Wish> {
        let look = CaptionsWire.input(
            "CaptionsInput", templates: templates, absence: "is as the caller prefers")
        let captions = JSONInputField<CaptionsWire.Wish?>.optional(
            "captions", .nullable(look), "How captions look; null for none.", default: .nothing)
        return .object(
            "OptionsInput",
            "What is wanted. Everything has a default, formats and captions the one that the caller prefers.",
            count, minDuration, maxDuration, formats, captions, topic, language, ranges, mode, notifyAddress,
            build: wish)
    }

    private static let count = JSONInputField<Int>.optional(
        "count", .integer(ClipOptions.countRange), "How many clips are wanted, at most.", example: 3,
        meaning: 3)
    private static let minDuration = JSONInputField<Double>.optional(
        "min_duration", .number(ClipOptions.minDurationRange),
        "The least length of a clip, in seconds; not above max_duration.", example: 15, meaning: 15)
    private static let maxDuration = JSONInputField<Double>.optional(
        "max_duration", .number(ClipOptions.maxDurationRange),
        "The greatest length of a clip, in seconds.", example: 60, meaning: 60)
    private static let formats = JSONInputField<[ClipFormat]?>.optional(
        "formats", .present(.list(of: .name, count: 1...ClipFormat.allCases.count, unique: true)),
        "The shapes to render.", example: ["vertical", "square"], default: nil)
    private static let topic = JSONInputField<String?>.optional(
        "topic", .nullable(SingleLine.input(ClipOptions.topicLength).prose),
        "What the clips should be about.",
        example: "pricing", default: nil)
    private static let language = JSONInputField<String?>.optional(
        "language",
        .nullable(.text(length: 2...35, pattern: "^[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8})*$")),
        "The spoken language as a BCP 47 tag; null to find out.", example: "en", default: nil)
    private static let ranges = JSONInputField<[TimeSpan]>.optional(
        "ranges", .list(of: rangeInput, count: 0...ClipOptions.mostRanges),
        "Spans chosen by hand; when there are any, nothing is searched.", meaning: [])
    private static let mode = JSONInputField<ProcessingMode>.optional(
        "mode", .name, "How much work goes into a clip.", example: "balanced", meaning: "balanced")

    private static let notifyAddress = JSONInputField<WebhookAddress?>.optional(
        "notify_url", .nullable(WebhookWire.address),
        "Who is told when the task has ended: an http or https address without a user or password.",
        example: "https://example.org/done", default: nil)

    @Sendable private static func wish(
        count: Int, minDuration: Double, maxDuration: Double, formats: [ClipFormat]?,
        captions: CaptionsWire.Wish?, topic: String?, language: String?, ranges: [TimeSpan],
        mode: ProcessingMode, notifyAddress: WebhookAddress?
    ) throws(Faults) -> Wish {
        let captions = captions ?? .none
        let (ordinary, isLeftOut) = (
            Preferences.ordinary,
            [
                Preferences.Field.formats: formats == nil, .captionTemplate: captions.template == nil,
                .captionFont: captions.font == nil, .captionSize: captions.size == nil,
                .captionColour: captions.colour == nil,
            ]
        )
        do throws(ClipOptionsError) {
            let options = try ClipOptions(
                count: count, minDuration: minDuration, maxDuration: maxDuration,
                formats: formats ?? ordinary.formats,
                captionTemplate: captions.template ?? ordinary.captionTemplate,
                captionChanges: CaptionChanges(
                    font: captions.font ?? nil, size: captions.size ?? nil, colour: captions.colour ?? nil),
                topic: topic, language: language, ranges: ranges, mode: mode, notifyAddress: notifyAddress)
            return Wish(options: options, leftOut: Set(isLeftOut.filter(\.value).keys))
        } catch {
            throw Faults(error.broken.map(\.fault))
        }
    }

    private static let range = JSONOutput<TimeSpan>.object(
        "Range", "A span of the source.",
        [
            JSONField("start", .amount, "Where it starts, in seconds.", example: 12) { $0.start },
            JSONField("end", .amount, "Where it ends, in seconds.", example: 48) { $0.end },
        ])

    private static let rangeInput = JSONInput<TimeSpan>.object(
        "RangeInput", "A span of the source, which lasts 1–300 seconds.",
        JSONInputField<Double>.required(
            "start", .number(0...mostSeconds), "Where it starts, in seconds.", example: 12),
        JSONInputField<Double>.required(
            "end", .number(0...mostSeconds), "Where it ends, in seconds.", example: 48)
    ) { (start: Double, end: Double) throws(Faults) -> TimeSpan in
        let allowed = ClipOptions.rangeDuration
        guard allowed.contains(end - start) else {
            let detail = "must be \(allowed.lowerBound)–\(allowed.upperBound) s after start"
            throw Faults([Fault(.body("/end"), .outOfRange, detail)])
        }
        return TimeSpan(start: start, end: end)
    }

    /// A week: no source is longer.
    private static let mostSeconds = 604_800.0
}

extension ClipOptionsError.Rule {
    /// The broken rule as a fault of the options object.
    fileprivate var fault: Fault {
        switch self {
        case .count: Fault(.body("/count"), .outOfRange, expectation)
        case .minDuration: Fault(.body("/min_duration"), .outOfRange, expectation)
        case .maxDuration: Fault(.body("/max_duration"), .outOfRange, expectation)
        case .durationOrder: Fault(.body("/min_duration"), .contradiction, expectation)
        case .formats: Fault(.body("/formats"), .outOfRange, expectation)
        case .captionFont: Fault(.body("/captions/font"), .outOfRange, expectation)
        case .captionSize: Fault(.body("/captions/size"), .outOfRange, expectation)
        case .topic: Fault(.body("/topic"), .outOfRange, expectation)
        case .language: Fault(.body("/language"), .badFormat, expectation)
        case .rangeCount: Fault(.body("/ranges"), .outOfRange, expectation)
        case .range(let index): Fault(.body("/ranges/\(index)"), .outOfRange, expectation)
        }
    }
}
