import Application
import Domain
import FoundationEssentials
import Presentation
import Testing

@Suite("What the server tells of itself")
struct SignalAPITests {
    @Test("O38: what /metrics shows is Prometheus' text format, read strictly")
    func strict() async throws {
        let fixture = try APIFixture()
        _ = try await fixture.complete(try await fixture.order())
        _ = try await fixture.send("GET", "/nothing/here")
        let families = try PrometheusReader.read(try await fixture.send("GET", "/metrics").body.text)
        let known = Dictionary(uniqueKeysWithValues: MetricDefinition.all.map { ($0.name, $0) })
        #expect(families.count > 10)
        for family in families {
            let definition = try #require(known[family.name], "\(family.name) is not declared")
            #expect(family.type == definition.kind.name && family.help == definition.help)
            for sample in family.samples {
                #expect(Set(sample.labels.keys).subtracting(["le"]) == Set(definition.labels), "\(sample)")
            }
        }
        let orders = try #require(families.first { $0.name == "cutroom_use_case_runs_total" })
        let done = orders.samples.first {
            $0.labels["use_case"] == "SubmitVideoTask" && $0.labels["outcome"] == "done"
        }
        #expect(done?.value == 1)
    }

    @Test("O38: a histogram's buckets grow, and the last is the count")
    func histogram() async throws {
        let fixture = try APIFixture()
        for _ in 0..<3 { _ = try await fixture.send("GET", "/health/live") }
        let families = try PrometheusReader.read(try await fixture.send("GET", "/metrics").body.text)
        let samples = try #require(
            families.first { $0.name == "cutroom_http_request_duration_seconds" }
        ).samples.filter { $0.labels["route"] == "/health/live" }
        let buckets = samples.filter { $0.labels["le"] != nil }.map(\.value)
        #expect(buckets.count == 8 && buckets == buckets.sorted() && buckets.last == 3)
        #expect(samples.first { $0.name.hasSuffix("_count") }?.value == 3)
    }

    @Test("O38: label values are written so that no value ends its own sample")
    func escaping() throws {
        let metrics = Metrics()
        let definition = MetricDefinition("odd_total", .counter, by: ["name"], "Odd \\ help\nin two lines.")
        metrics.counter(definition).with("a\"b\\c\nd").increment()
        let families = try PrometheusReader.read(PrometheusText.write(metrics.snapshot()))
        #expect(families.first?.help == "Odd \\ help\nin two lines.")
        #expect(families.first?.samples.first?.labels == ["name": "a\"b\\c\nd"])
    }

    @Test("O13: a request tells how long it took, and is found in the log by what its client calls it")
    func tracking() async throws {
        let fixture = try APIFixture()
        let log = fixture.loggers.named("http")
        let answer = try await fixture.send(
            "GET", "/api/v1/tasks", fields: ["X-Request-Id": "order-7"])
        let taken = try #require(answer.fields["X-Process-Time"])
        #expect(taken.wholeMatch(of: #/[0-9]+\.[0-9]{6}/#) != nil)
        log.write(.info, "outside of any request")
        log.write(.warning, "refused", ["request_id": "order-8"])
        let all = try await fixture.send("GET", "/api/v1/operations/logs").json["items"]?.elements ?? []
        #expect(all.map { $0["event"]?.text } == ["refused", "outside of any request"])
        let found = try await fixture.send("GET", "/api/v1/operations/logs?request_id=order-8").json
        #expect(found["items"]?.elements?.count == 1)
        #expect(found["items"]?.elements?.first?["level"] == "warning")
    }

    @Test("O14: lines are read by pages, and what is asked for wrongly is told")
    func pages() async throws {
        let fixture = try APIFixture()
        let log = fixture.loggers.named("http")
        for number in 1...5 { log.write(.info, "line \(number)", ["number": .integer(Int64(number))]) }
        var seen: [String] = []
        var target = "/api/v1/operations/logs?limit=2"
        while true {
            let page = try await fixture.send("GET", target).json
            seen += page["items"]?.elements?.compactMap { $0["event"]?.text } ?? []
            guard let next = page["next_cursor"]?.text else { break }
            target = "/api/v1/operations/logs?limit=2&cursor=\(next)"
        }
        #expect(seen == (1...5).reversed().map { "line \($0)" })
        for query in ["level=loud", "task_id=1", "since=yesterday", "limit=0", "request_id=", "cursor=x"] {
            #expect(try await fixture.send("GET", "/api/v1/operations/logs?\(query)").status == 422)
        }
    }

    @Test("O12: the level of a logger is set for a while, and shown")
    func levels() async throws {
        let fixture = try APIFixture()
        let path = "/api/v1/operations/loggers"
        let set = try await fixture.send(
            "PUT", "\(path)/http", ["level": "debug", "expires_in_s": 60])
        #expect(set.status == 200 && set.json["level"] == "debug" && set.json["configured_level"] == "info")
        fixture.loggers.named("http").write(.debug, "now seen")
        let lines = try await fixture.send("GET", "/api/v1/operations/logs?logger=http").json["items"]
        #expect(lines?.elements?.first?["event"] == "now seen")
        fixture.clock.advance(by: .seconds(61))
        let all = try await fixture.send("GET", path).json["items"]?.elements ?? []
        let http = all.first { $0["name"] == "http" }
        #expect(http?["level"] == "info" && http?["expires_at"] == .null)
        #expect(try await fixture.send("PUT", "\(path)/nobody", ["level": "debug"]).status == 404)
        for wrong: JSONValue in [["level": "loud"], ["level": "debug", "expires_in_s": 0], [:]] {
            #expect(try await fixture.send("PUT", "\(path)/http", wrong).status == 422)
        }
    }
}

/// One family of samples as a scraper reads it.
struct PrometheusFamily {
    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }
    let name: String
    let help: String
    var type = ""
    var samples: [Sample] = []
}

/// Reads Prometheus' text format (version 0.0.4) and refuses what a scraper or `promtool check metrics` would.
enum PrometheusReader {
    struct Malformed: Error { let line: String }

    static func read(_ text: String) throws -> [PrometheusFamily] {
        guard text.hasSuffix("\n") else { throw Malformed(line: "the last line does not end") }
        var families: [PrometheusFamily] = []
        var series: Set<String> = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        {
            if let match = line.wholeMatch(of: #/# HELP ([a-z_]+) (.+)/#) {
                let name = String(match.1)
                guard !families.contains(where: { $0.name == name }) else { throw Malformed(line: line) }
                families.append(PrometheusFamily(name: name, help: unescaped(String(match.2))))
            } else if let match = line.wholeMatch(of: #/# TYPE ([a-z_]+) (counter|gauge|histogram)/#) {
                guard families.last?.name == String(match.1), families.last?.type == "" else {
                    throw Malformed(line: line)
                }
                families[families.count - 1].type = String(match.2)
            } else {
                guard let family = families.last, let sample = sample(line) else {
                    throw Malformed(line: line)
                }
                let names =
                    family.type == "histogram"
                    ? ["_bucket", "_sum", "_count"].map { family.name + $0 } : [family.name]
                let key = "\(sample.name) \(sample.labels.sorted { $0.key < $1.key })"
                guard names.contains(sample.name), series.insert(key).inserted else {
                    throw Malformed(line: line)
                }
                families[families.count - 1].samples.append(sample)
            }
        }
        return families
    }

    private static func sample(_ line: String) -> PrometheusFamily.Sample? {
        guard let match = line.wholeMatch(of: #/([a-z_]+)(\{(.+)\})? ([^ ]+)/#) else { return nil }
        guard let value = Double(match.4) else { return nil }
        var labels: [String: String] = [:]
        var rest = match.3 ?? ""
        while !rest.isEmpty {
            guard let item = rest.prefixMatch(of: #/([a-z_]+)="((?:[^"\\]|\\.)*)",?/#),
                labels.updateValue(unescaped(String(item.2)), forKey: String(item.1)) == nil
            else { return nil }
            rest = rest[item.range.upperBound...]
        }
        return .init(name: String(match.1), labels: labels, value: value)
    }

    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscape = false
        for character in text {
            if isEscape {
                result.append(character == "n" ? "\n" : character)
                isEscape = false
            } else if character == "\\" {
                isEscape = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}

@Suite("The operator's guide and the metrics")
struct MetricsGuideTests {
    @Test("O38: the table of all metrics says what is declared, and nothing else")
    func table() throws {
        let root = String(#filePath.dropLast("/Tests/PresentationTests/API/SignalAPITests.swift".count))
        let guide = try #require(FileManager.default.contents(atPath: "\(root)/Docs/operations.md"))
        let rows = String(decoding: guide, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("| `cutroom_") || $0.hasPrefix("| `process_") }.map(String.init)
        let declared = MetricDefinition.all.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.name) | \(labels) | \(metric.help) |"
        }
        #expect(rows == declared)
    }
}
