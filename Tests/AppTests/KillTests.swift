import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

/// Where in a task's life the server is killed.
private struct KillPoint: Sendable {
    enum Signal: Sendable {
        /// One of its programs has come to a point.
        case program(Tripwire.Point)
        /// A service has been asked, for the `number`th time since the start, and holds its answer.
        case request(String, number: Int)
    }
    let stage: String
    let place: String
    let signal: Signal

    /// Five in each stage, in the order in which a task comes by.
    static let all: [KillPoint] = [
        .init("acquiring", "yt-dlp is asked for its version", .before("yt-dlp *--version*")),
        .init("acquiring", "yt-dlp looks at the page", .before("yt-dlp *--dump-single-json*")),
        .init("acquiring", "half of the video is here", .within("yt-dlp *--load-info-json*")),
        .init("acquiring", "all of the video is here", .after("yt-dlp *--load-info-json*")),
        .init("acquiring", "the source has its name and no row", .before("ffprobe *stream=index*/media/*")),
        .init("transcribing", "the sound is about to be taken out", .before("ffmpeg *speech.wav*")),
        .init("transcribing", "the sound was taken out", .after("ffmpeg *speech.wav*")),
        .init(
            "transcribing", "the first transcriber is asked",
            signal: .request("/audio/transcriptions", number: 1)),
        .init("transcribing", "the second transcriber is asked", .before("pocketsphinx_continuous *speech*")),
        .init(
            "transcribing", "the second transcriber has heard it", .after("pocketsphinx_continuous *speech*")),
        .init("analyzing", "the pictures are about to be looked at", .before("ffmpeg *rawvideo*")),
        .init("analyzing", "the sound is about to be taken out again", .before("ffmpeg *speech.wav*")),
        .init("analyzing", "the pictures were looked at", .after("ffmpeg *rawvideo*")),
        .init("analyzing", "the model is asked", signal: .request("/chat/completions", number: 1)),
        .init("analyzing", "the model is asked once more", signal: .request("/chat/completions", number: 2)),
        .init("rendering", "the loudness is about to be measured", .before("ffmpeg *ebur128*")),
        .init("rendering", "the first file is about to be encoded", .before("ffmpeg *+faststart*")),
        .init("rendering", "the first file was encoded", .after("ffmpeg *+faststart*")),
        .init("rendering", "both files have their names and no row", .before("ffmpeg *mjpeg*")),
        .init("rendering", "the still picture is there", .after("ffmpeg *mjpeg*")),
    ]

    init(_ stage: String, _ place: String, signal: Signal) {
        (self.stage, self.place, self.signal) = (stage, place, signal)
    }

    init(_ stage: String, _ place: String, _ point: Tripwire.Point) {
        self.init(stage, place, signal: .program(point))
    }
}

/// Services that are asked in vain, except for the question at which they tell and hold their answer.
private final class Services: Sendable {
    private final class Wire: Sendable {
        let state = Mutex<(path: String, number: Int, gate: TestGate)?>(nil)
    }
    private let wire: Wire
    private let server: ScriptedServer

    init() {
        let wire = Wire()
        self.wire = wire
        server = ScriptedServer { request in
            let gate = wire.state.withLock { state -> TestGate? in
                guard let present = state, request.target.hasSuffix(present.path) else { return nil }
                state?.number -= 1
                guard present.number == 1 else { return nil }
                state = nil
                return present.gate
            }
            if let gate {
                gate.open()
                return .silence
            }
            return request.target.hasSuffix("/chat/completions")
                ? .json(#"{"choices":[{"message":{"content":"Let me think."}}]}"#) : .json("{}", status: 500)
        }
    }

    var address: String { server.address }

    /// Has the question be held that is the `number`th from now on.
    func hold(_ path: String, number: Int) -> TestGate {
        let gate = TestGate()
        wire.state.withLock { $0 = (path, number, gate) }
        return gate
    }
}

@Suite("kill -9 of the server", .enabled(if: Slow.enabled), .timeLimit(.minutes(10)))
struct KillTests {
    @Test("A23, C19: twenty kills in a row, five in each stage, lose nothing and do nothing twice")
    func matrix() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            let video = try await Recording.short(in: cutroom.folder)
            let wire = try Tripwire(
                in: cutroom.folder, programs: ["ffmpeg", "ffprobe", "pocketsphinx_continuous"],
                scripts: ["yt-dlp": Tripwire.ytDlp(fetching: video)])
            let services = Services()
            cutroom.environment = [
                "CUTROOM_PROGRAMS": wire.folder, "CUTROOM_YT_DLP_HOSTS": "pages.example",
                "CUTROOM_TRANSCRIPTION_URL": services.address, "CUTROOM_CHAT_URL": services.address,
                "CUTROOM_CHAT_MODEL": "none",
            ]
            var tasks: [String] = []
            for (number, point) in KillPoint.all.enumerated() {
                var gate: TestGate?
                switch point.signal {
                case .program(let point): try wire.set(point)
                case .request(let path, let number): gate = services.hold(path, number: number)
                }
                let server = try cutroom.start("serve", "--port", "0")
                let address = try await server.address()
                if tasks.isEmpty { tasks = try await Self.order(video, at: address) }
                if let gate { await gate.wait() } else { await wire.wait() }

                let task = try await Web.task(tasks[0], at: address)
                #expect(task.stage == point.stage, "\(point.place)")
                #expect(task.attempts == number + 1, "\(point.place)")
                // What was left by the killed process before is gone: files and programs.
                let processes = try cutroom.temporaryFolders
                #expect(processes.count == 1, "\(point.place)")
                #expect(Set(cutroom.programs.values).isSubset(of: processes), "\(point.place)")
                if gate == nil { #expect(!cutroom.programs.isEmpty, "\(point.place)") }
                server.signal(SIGKILL)
                #expect(try await server.end().status == -SIGKILL)
                #expect(try cutroom.integrityProblems() == [], "\(point.place)")
            }

            let server = try cutroom.start("serve", "--port", "0")
            let address = try await server.address()
            for task in tasks {
                let messages = try await Web.follow(task, at: address)
                #expect(messages.count { $0.event == "close" } == 1)
                let done = try await Web.task(task, at: address)
                #expect(done.status == "completed", "\(String(describing: done.error))")
                #expect(done.clips.map(\.rank) == [1])
                #expect(done.attempts == (task == tasks[0] ? KillPoint.all.count + 1 : 1))
            }
            server.signal(SIGTERM)
            #expect(try await server.end().status == 0)
            try cutroom.expectOrder(tasks)
        }
    }

    /// Orders clips of a page and, to wait behind it, of an upload.
    private static func order(_ video: String, at address: String) async throws -> [String] {
        let options = #"{"count":1,"min_duration":5,"formats":["vertical","square"],"mode":"fast"}"#
        let page = try await Web.order(
            #"{"url":"https://pages.example/talk"}"#, options: options, at: address)
        // Another content, of which nothing is known from the first.
        let other = video + "-other.mp4"
        try await Recording.run(
            "ffmpeg", ["-v", "error", "-i", video, "-c", "copy", "-metadata", "title=other", other], in: "/")
        let upload = try await Web.upload(other, at: address)
        return [
            page,
            try await Web.order(#"{"upload_id":"\#(upload)"}"#, options: options, at: address),
        ]
    }
}

extension Tripwire {
    /// A program that stands in for yt-dlp and brings that file; halfway it can be stopped, while a program that
    /// it has started in a session of its own goes on.
    static func ytDlp(fetching video: String) -> String {
        """
        work() {
            case "$*" in
            *--version*) echo 2026.10.26 ;;
            *--dump-single-json*) echo '{"id":"x","title":"A talk","duration":6}' ;;
            *--load-info-json*)
                while [ "$1" != --paths ]; do shift; done
                head -c 20000 '\(video)' > "$2/video.mp4.part"
                setsid sleep 1000 > /dev/null 2>&1 &
                if [ "$moment" = within ]; then trip $!; fi
                kill $!
                cp '\(video)' "$2/video.mp4.part"
                mv "$2/video.mp4.part" "$2/video.mp4" ;;
            esac
        }
        """
    }
}
