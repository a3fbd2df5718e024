import Application
import Domain
import FoundationEssentials
import Presentation
import Testing

@Suite("The table of errors")
struct ErrorTableTests {
    private static let root = String(
        #filePath.dropLast("/Tests/PresentationTests/API/ErrorTableTests.swift".count))

    private static func text(of path: String) throws -> String {
        String(decoding: try #require(FileManager.default.contents(atPath: "\(root)/\(path)")), as: UTF8.self)
    }

    /// The Swift files of a target.
    private static func sources(of target: String) throws -> [String] {
        let folder = "Sources/\(target)"
        let paths = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
        return try paths.filter { $0.hasSuffix(".swift") }.map { try text(of: "\(folder)/\($0)") }
    }

    @Test("O2: a code stands in it once, with a sentence, a severity that fits its status, and what to do")
    func rows() {
        let codes = ProblemTable.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(Set(ProblemTable.all.map(\.family)) == Set(ProblemKind.Family.allCases))
        for kind in ProblemTable.all {
            #expect(kind.code.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }, "\(kind.code)")
            #expect((400...599).contains(kind.status.code), "\(kind.code)")
            #expect(!kind.title.isEmpty && !kind.title.hasSuffix("."), "\(kind.code)")
            #expect(!kind.recovery.isEmpty && kind.recovery.allSatisfy { $0.hasSuffix(".") }, "\(kind.code)")
            #expect(kind.status != 500 || kind.severity >= .high, "\(kind.code)")
        }
    }

    @Test("O2: every code that the Domain and the Application know is in it")
    func coded() throws {
        let one = #/case [^:]*: "([a-z][a-z_]+)"$/#
        let always = #/var code: String \{ "([a-z_]+)" \}/#
        let failure = #/(?:Failure\(|self\.init\()\s*code: "([a-z_]+)"/#
        var found = Set<String>()
        for source in try ["Domain", "Application", "Infrastructure"].flatMap(Self.sources) {
            found.formUnion(source.matches(of: failure).map { String($0.1) })
            guard source.contains("CodedError") else { continue }
            found.formUnion(source.matches(of: always).map { String($0.1) })
            guard let start = source.firstRange(of: "var code: String {") else { continue }
            let body = source[start.upperBound...].split(separator: "\n").prefix { !$0.hasPrefix("    }") }
            found.formUnion(
                body.compactMap { $0.firstMatch(of: one).map { String($0.1) } })
        }
        #expect(found.count > 80)
        for code in found.sorted() { #expect(ProblemTable.kind(code) != nil, "\(code)") }
    }

    @Test("O1, O2: every refusal that the document promises, and that the layers below name, is in it")
    func documented() async throws {
        var codes = Set<String>()
        for fixture in [try APIFixture(), try await Administration().fixture] {
            for response in fixture.document.document["components"]?["responses"]?.object?.members ?? [] {
                let examples = response.value["content"]?[Problem.mediaType]?["examples"]
                codes.formUnion((examples?.object?.members ?? []).map(\.name))
            }
        }
        #expect(codes.count > 40)
        let quoted = #/(?:refuse\(|HeadFault\()\s*\.[a-zA-Z]+, "([a-z_]+)"/#
        let named = #/named\("([a-z_]+)"\)/#
        for source in try Self.sources(of: "Presentation") {
            codes.formUnion(source.matches(of: quoted).map { String($0.1) })
            codes.formUnion(source.matches(of: named).map { String($0.1) })
        }
        for code in codes.sorted() { #expect(ProblemTable.kind(code) != nil, "\(code)") }
    }

    @Test("O2: Docs/errors.md is made from it")
    func page() throws {
        #expect(
            try Self.text(of: "Docs/errors.md") == ErrorsPage.markdown,
            "run `cutroom errors > Docs/errors.md`")
    }

    @Test(
        "O1, O5: a service that does not answer is 503 with what to wait, one that answers too late is 504",
        arguments: [
            (UpstreamResting(upstream: "chat", reason: "secret", retryAfter: .seconds(12)), 503, 12),
            (UpstreamResting(upstream: "chat", reason: "secret", retryAfter: nil), 503, 30),
            (UpstreamTimeout(upstream: "chat"), 504, nil),
        ] as [(any Error, Int, Int?)])
    func services(error: any Error, status: Int, wait: Int?) async throws {
        let fixture = try APIFixture(inspection: .failure(error))
        let answer = try await fixture.send(
            "POST", "/api/v1/uploads", bytes: [1, 2, 3],
            fields: [
                "Content-Disposition": "attachment; filename=\"a.mp4\"", "Content-Type": "video/mp4",
                "X-Request-Id": "mine-1",
            ])
        #expect(answer.status == status)
        #expect(answer.json["service"] == "chat")
        #expect(answer.json["retry_after"] == wait.map { JSONValue.integer(Int64($0)) })
        #expect(answer.fields["Retry-After"] == wait.map { String($0) })
        #expect(answer.json["retryable"] == true)
        #expect(answer.json["operation"] == "createUpload")
        #expect(answer.json["request_id"] == "mine-1")
        #expect(answer.json["recovery_suggestions"]?.elements?.isEmpty == false)
        #expect(!answer.body.text.contains("secret"))
    }

    @Test("O2, O3: what nobody foresaw says nothing of what it was, and is never a success")
    func unforeseen() async throws {
        struct Private: Error, CustomStringConvertible {
            var description: String { "/home/ada/secret.key token=abc" }
        }
        let answer = try await APIFixture(inspection: .failure(Private())).send(
            "POST", "/api/v1/uploads", bytes: [1, 2, 3],
            fields: ["Content-Disposition": "attachment; filename=\"a.mp4\"", "Content-Type": "video/mp4"])
        #expect(answer.status == 500)
        #expect(answer.json["severity"] == "high" && answer.json["code"] == "internal_error")
        for word in ["Private", "secret", "token=", "/home"] { #expect(!answer.body.text.contains(word)) }
    }

    @Test("O6: failures are counted by code, operation and service, and set back by an administrator")
    func counted() async throws {
        let fixture = try APIFixture(
            inspection: .failure(UpstreamResting(upstream: "chat", reason: "", retryAfter: nil)))
        try await fixture.send("GET", "/api/v1/tasks?limit=0")
        try await fixture.send("GET", "/api/v1/nowhere")
        try await fixture.send(
            "POST", "/api/v1/uploads", bytes: [1],
            fields: ["Content-Disposition": "attachment; filename=\"a.mp4\"", "Content-Type": "video/mp4"])
        fixture.errors.countRetry()
        fixture.errors.countRetry()
        fixture.errors.countRecovery()
        let counts = try await fixture.send("GET", "/api/v1/operations/errors").json
        #expect(counts["total_errors"] == 3)
        #expect(
            counts["errors_by_code"]
                == ["not_found": 1, "service_unavailable": 1, "validation_failed": 1])
        #expect(counts["errors_by_operation"] == ["createUpload": 1, "listTasks": 1, "none": 1])
        #expect(counts["errors_by_service"] == ["chat": 1])
        #expect(counts["recovery_rate"]?.number == 0.5)
        #expect(try await fixture.send("POST", "/api/v1/operations/errors/reset").status == 204)
        let after = try await fixture.send("GET", "/api/v1/operations/errors").json
        #expect(
            after["total_errors"] == 0 && after["retries"] == 0 && after["recovery_rate"] == JSONValue.null)
        let metrics = try await fixture.send("GET", "/metrics").body.text
        #expect(metrics.contains("cutroom_errors_total{code=\"service_unavailable\"} 1\n"))
        #expect(metrics.contains("cutroom_service_errors_total{service=\"chat\"} 1\n"))
        let trail = try fixture.store.read { try $0.audit.page(AuditFilter(), limit: 9, before: nil).items }
        #expect(trail.first?.action == .errorCountsReset)
        #expect(trail.first?.detail == "3 failures")
    }
}
