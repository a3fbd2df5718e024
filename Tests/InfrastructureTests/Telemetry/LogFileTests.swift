import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Testing

@Suite("The log in a file")
struct LogFileTests {
    private let clock = InMemoryClock(at: Timestamp(milliseconds: Int64(time(nil)) * 1000))
    private let folder: String

    init() throws {
        var template = Array("/tmp/cutroom-log-XXXXXX".utf8CString)
        folder = String(cString: try #require(mkdtemp(&template)))
    }

    private func contents(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private func open(size: Int64 = 1 << 20, files: Int = 3, age: Duration = .seconds(7 * 86_400)) throws
        -> LogFile
    {
        try LogFile(
            "\(folder)/log", format: .simple, limits: .init(size: size, files: files, age: age), clock: clock)
    }

    @Test("O14: a file that is full is begun anew, and of the former ones the newest are kept")
    func size() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = Loggers(.info, clock: clock, sinks: [try open(size: 100, files: 3)]).named("x")
        for number in 1...9 {
            log.write(.info, "line number \(number) of the log, which is long enough to fill it")
        }
        #expect(names == ["log", "log.1", "log.2", "log.3"])
        for (name, number) in [("log", 9), ("log.1", 8), ("log.2", 7), ("log.3", 6)] {
            #expect(contents(name)?.contains("line number \(number) ") == true)
            #expect(contents(name)?.utf8.count ?? 0 <= 100)
        }
    }

    @Test("O14: a file is begun anew every day, and former ones that are too old are removed")
    func age() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = Loggers(.info, clock: clock, sinks: [try open(age: .seconds(3 * 86_400))]).named("x")
        log.write(.info, "first day")
        clock.advance(by: .seconds(86_399))
        log.write(.info, "still the first day")
        #expect(names == ["log"])
        clock.advance(by: .seconds(1))
        log.write(.info, "second day")
        #expect(contents("log.1")?.contains("still the first day") == true)
        #expect(contents("log")?.contains("second day") == true)
        // What was written on the first day counts by the machine's clock.
        clock.advance(by: .seconds(3 * 86_400))
        log.write(.info, "much later")
        #expect(names == ["log"])
    }

    @Test("O14: what was written before is gone on with, and nobody else writes the same file")
    func again() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func write(_ event: String) throws {
            Loggers(.info, clock: clock, sinks: [try open()]).named("x").write(.info, event)
        }
        try write("before")
        try write("after")
        #expect(contents("log")?.split(separator: "\n").count == 2)
        let first = try open()
        #expect(throws: LogFile.Failure.taken(path: "\(folder)/log")) { _ = try open() }
        withExtendedLifetime(first) {}
    }

    @Test("O14: a file that cannot be made is told of at once")
    func refused() {
        #expect(throws: LogFile.Failure.refused(path: "\(folder)/no/log", errno: ENOENT)) {
            _ = try LogFile(
                "\(folder)/no/log", format: .json, limits: .init(size: 1, files: 1, age: .seconds(1)),
                clock: clock)
        }
        rmdir(folder)
    }

    @Test("O12: a detailed line says which part speaks and for what, a simple one what happened alone")
    func formats() throws {
        let ring = LogRing()
        let context = WorkContext(
            request: "order-7", task: nil, trace: TracePosition(high: 0, low: 1, span: 2, isSampled: false),
            under: nil, signals: Signals())
        WorkContext.$current.withValue(context) {
            Loggers(.info, clock: clock, sinks: [ring]).named("http").write(.info, "request", ["status": 200])
        }
        let record = try #require(try ListLogLines(ring)(LogFilter(), by: .local).items.first?.record)
        let time = LineFormat.simple.line(of: record).prefix(24)
        #expect(LineFormat.simple.line(of: record) == "\(time) INFO    request status=200\n")
        #expect(
            LineFormat.detailed.line(of: record)
                == "\(time) INFO    http: request status=200 request_id=order-7 "
                + "trace_id=00000000000000000000000000000001 span_id=0000000000000002\n")
        #expect(
            LineFormat.json.line(of: record).hasPrefix(
                #"{"time":"\#(time)","level":"info","logger":"http","event":"request","status":200,"request_id""#
            ))
    }
}
