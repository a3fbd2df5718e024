import FoundationEssentials
import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("The program as a server", .timeLimit(.minutes(10)))
struct ServerTests {
    /// What the tests look at of a task.
    struct Task: Decodable {
        struct Clip: Decodable {
            struct File: Decodable {
                let format: String
                let url: String
                let bytes: Int
                let width: Int
                let height: Int
            }
            let rank: Int
            let start: Double
            let end: Double
            let formats: [File]
        }
        let id: String
        let status: String
        let attempts: Int
        let clips: [Clip]
    }

    @Test(
        "A57: it prints its address, answers, and ends well when it is asked to",
        arguments: [SIGTERM, SIGINT])
    func lifecycle(signal: Int32) async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0")
            let address = try await running.address()
            let live = try await Web.get(address + "/health/live")
            #expect(live.status == 200)
            running.signal(signal)
            let run = try await running.end()
            #expect(run.status == (signal == SIGTERM ? 0 : 130))
        }
    }

    @Test("it takes as many files and sockets as the system allows")
    func descriptors() async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.descriptorLimit = 200
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            _ = try await running.address()
            let limits = try String(contentsOfFile: "/proc/\(running.pid)/limits", encoding: .utf8)
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            #expect(numbers.count == 2 && numbers[0] == numbers[1] && numbers[0] != 200, "\(line)")
            running.signal(SIGTERM)
            _ = try await running.end()
        }
    }

    @Test("a request to end that comes twice at once, as by Ctrl-C and who passes it on, is one request")
    func passedOn() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0")
            _ = try await running.address()
            running.signal(SIGINT)
            running.signal(SIGTERM)
            let run = try await running.end()
            #expect(run.errors.contains("\"event\":\"stopped\""), "\(run.errors)")
        }
    }

    @Test("a taken port is said in one line")
    func takenPort() async throws {
        try await Cutroom.use { cutroom in
            let first = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await first.address()
            let port = String(address.split(separator: ":").last ?? "")
            let second = try await cutroom.run("serve", "--port", port, "--data", cutroom.folder + "/other")
            #expect(second.status == 1)
            #expect(second.errors.contains("port \(port) is taken"))
            #expect(second.output.isEmpty)
            first.signal(SIGTERM)
            _ = try await first.end()
        }
    }

    @Test("C67: log lines are JSON objects that are told apart by their event")
    func logs() async throws {
        struct Line: Decodable {
            let time: String
            let level: String
            let event: String
        }
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0")
            _ = try await running.address()
            running.signal(SIGTERM)
            let run = try await running.end()
            let lines = try run.errors.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.map(\.event) == ["serving", "stopping", "stopped"])
            #expect(lines.allSatisfy { $0.level == "info" && $0.time.hasSuffix("Z") })
        }
    }

    @Test(
        "A52, C67: the log tells why an answer is a failure of the server, under the trace that the answer names"
    )
    func cause() async throws {
        struct Problem: Decodable { let traceId: String }
        struct Line: Decodable {
            let level: String
            let event: String
            let trace_id: String?
            let error: String?
        }
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let body = #"{"source":{"url":"https://a.example/talk.mp4"}}"#
            let created = try await Web.post(
                address + "/api/v1/tasks", .bytes(Array(body.utf8), type: "application/json"))
            let task = try JSONDecoder().decode(Task.self, from: Data(created.body)).id
            try await Recording.run(
                "sqlite3", [cutroom.data + "/cutroom.sqlite", "UPDATE tasks SET record = x'00'"],
                in: cutroom.folder)
            let answer = try await Web.get("\(address)/api/v1/tasks/\(task)")
            #expect(answer.status == 500)
            let problem = try JSONDecoder().decode(Problem.self, from: Data(answer.body))
            running.signal(SIGTERM)
            let lines = try await running.end().errors.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            let line = try #require(lines.first { $0.trace_id == problem.traceId })
            #expect(line.level == "error")
            #expect(line.error?.hasPrefix("corrupt: ") == true, "\(line)")
        }
    }

    @Test(
        "A48, A58, C66: readiness is refused while something essential is missing, and given when it is there"
    )
    func readiness() async throws {
        struct Readiness: Decodable {
            let status: String
            let failing: [String]
        }
        struct Health: Decodable {
            struct Component: Decodable {
                let name: String
                let status: String
            }
            let status: String
            let components: [Component]
        }
        try await Cutroom.use { cutroom in
            var bare = cutroom
            let programs = cutroom.folder + "/programs"
            try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
            bare.environment = ["PATH": programs]
            let running = try bare.start("serve", "--port", "0")
            let address = try await running.address()
            func ask<Answer: Decodable>(_ path: String) async throws -> (status: Int, Answer) {
                let answer = try await Web.get(address + path)
                return (answer.status, try JSONDecoder().decode(Answer.self, from: Data(answer.body)))
            }
            /// Asks until the parts have been looked at.
            func readiness(where isMeant: (Readiness) -> Bool) async throws -> (Int, Readiness) {
                while true {
                    let answer: (status: Int, Readiness) = try await ask("/health/ready")
                    if isMeant(answer.1) { return answer }
                }
            }
            let unready = try await readiness { $0.failing == ["ffmpeg", "ffprobe"] }
            #expect(unready.0 == 503)
            #expect(unready.1.status == "unavailable")
            let unwell: (Int, Health) = try await ask("/health")
            #expect(unwell.0 == 503)
            #expect(unwell.1.status == "unhealthy")
            #expect(unwell.1.components.first { $0.name == "ffmpeg" }?.status == "unhealthy")
            #expect(unwell.1.components.first { $0.name == "store" }?.status == "healthy")
            #expect(try await Web.get(address + "/health/live").status == 200)

            for name in ["ffmpeg", "ffprobe"] {
                let path = try #require(ChildProcesses.find(name))
                try FileManager.default.createSymbolicLink(
                    atPath: "\(programs)/\(name)", withDestinationPath: path)
            }
            let ready = try await readiness { $0.failing.isEmpty }
            #expect(ready.0 == 200)
            #expect(ready.1.status == "ready")
            running.signal(SIGTERM)
            _ = try await running.end()
        }
    }

    @Test(
        "O38: uploads and orders are refused with 507 and a code before the disk is full, and health says why"
    )
    func diskBudget() async throws {
        struct Problem: Decodable { let code: String }
        struct Readiness: Decodable { let failing: [String] }
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            // More than any disk of these tests has.
            cutroom.environment = ["CUTROOM_DISK_RESERVE": "4000TiB"]
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            let file = cutroom.folder + "/talk.mp4"
            try cutroom.write("not looked at", to: file)
            let upload = try await Web.post(
                address + "/api/v1/uploads",
                .form([.init("file", .file(path: file, filename: "talk.mp4", type: "video/mp4"))]))
            let order = try await Web.post(
                address + "/api/v1/tasks",
                .bytes(
                    Array(#"{"source":{"url":"https://a.example/talk.mp4"}}"#.utf8), type: "application/json")
            )
            for answer in [upload, order] {
                #expect(answer.status == 507)
                #expect(
                    try JSONDecoder().decode(Problem.self, from: Data(answer.body)).code == "storage_full")
            }
            while true {
                let answer = try await Web.get(address + "/health/ready")
                let failing = try JSONDecoder().decode(Readiness.self, from: Data(answer.body)).failing
                if failing == ["disk"] {
                    #expect(answer.status == 503)
                    break
                }
            }
            // What is there can be looked at.
            #expect(try await Web.get(address + "/api/v1/tasks").status == 200)
            running.signal(SIGTERM)
            _ = try await running.end()
        }
    }

    @Test("a video goes in over HTTP and comes out as clips", .enabled(if: Slow.enabled))
    func wholeFlow() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let running = try cutroom.start("serve", "--port", "0")
            let address = try await running.address()
            let task = try await order(
                video, at: address, options: #"{"count":1,"min_duration":5,"mode":"fast"}"#)
            let done = try await ended(task, at: address)
            #expect(done.status == "completed")
            let clip = try #require(done.clips.first)
            let file = try #require(clip.formats.first)
            #expect(file.format == "vertical")
            #expect((file.width, file.height) == (1080, 1920))
            let bytes = try await Web.get(address + file.url)
            #expect(bytes.status == 200)
            #expect(bytes.body.count == file.bytes)
            running.signal(SIGTERM)
            _ = try await running.end()
        }
    }

    @Test("C19: a task goes on where it was after kill -9, and completes once", .enabled(if: Slow.enabled))
    func killed() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let first = try cutroom.start("serve", "--port", "0")
            let address = try await first.address()
            let task = try await order(
                video, at: address, options: #"{"count":2,"min_duration":5,"mode":"fast"}"#)
            try await Web.events(of: task, at: address) { $0.contains("\"stage\":\"transcribing\"") }
            first.signal(SIGKILL)
            #expect(try await first.end().status == -SIGKILL)

            let second = try cutroom.start("serve", "--port", "0")
            let next = try await second.address()
            let done = try await ended(task, at: next)
            #expect(done.status == "completed")
            #expect(done.attempts == 2)
            #expect(Set(done.clips.map(\.rank)).count == done.clips.count)
            second.signal(SIGTERM)
            _ = try await second.end()
            #expect(try FileManager.default.contentsOfDirectory(atPath: cutroom.data + "/tmp") == [".lock"])
        }
    }

    @Test(
        "A57: a shutdown hands the running job back, and the next process takes it up",
        .enabled(if: Slow.enabled))
    func handedBack() async throws {
        try await Cutroom.use { cutroom in
            let video = try await Recording.talk(in: cutroom.folder)
            let first = try cutroom.start("serve", "--port", "0")
            let address = try await first.address()
            let task = try await order(
                video, at: address, options: #"{"count":1,"min_duration":5,"mode":"fast"}"#)
            try await Web.events(of: task, at: address) { $0.contains("\"stage\":\"transcribing\"") }
            first.signal(SIGTERM)
            #expect(try await first.end().status == 0)
            let list = try await cutroom.run("jobs", "list", "--json")
            #expect(list.output.contains("\"state\":\"available\""), "\(list.output)")

            let worker = try cutroom.start("worker")
            let second = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let done = try await ended(task, at: try await second.address())
            #expect(done.status == "completed")
            for running in [worker, second] {
                running.signal(SIGTERM)
                #expect(try await running.end().status == 0)
            }
        }
    }

    private func order(_ video: String, at address: String, options: String) async throws -> String {
        struct Upload: Decodable { let id: String }
        let upload = try await Web.post(
            address + "/api/v1/uploads",
            .form([.init("file", .file(path: video, filename: "talk.mp4", type: "video/mp4"))]))
        #expect(upload.status == 201)
        let id = try JSONDecoder().decode(Upload.self, from: Data(upload.body)).id
        let body = #"{"source":{"upload_id":"\#(id)"},"options":\#(options)}"#
        let created = try await Web.post(
            address + "/api/v1/tasks", .bytes(Array(body.utf8), type: "application/json"))
        #expect(created.status == 201, "\(String(decoding: created.body, as: UTF8.self))")
        return try JSONDecoder().decode(Task.self, from: Data(created.body)).id
    }

    private func ended(_ task: String, at address: String) async throws -> Task {
        try await Web.events(of: task, at: address) { $0.contains("event: close") }
        let answer = try await Web.get("\(address)/api/v1/tasks/\(task)")
        return try JSONDecoder().decode(Task.self, from: Data(answer.body))
    }
}

extension RunningCutroom {
    /// Where it serves, once it does.
    func address() async throws -> String {
        let line = try #require(await line(), "it ended before it served")
        return try #require(line.split(separator: " ").last.map(String.init))
    }
}
