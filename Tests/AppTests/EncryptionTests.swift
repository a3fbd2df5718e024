import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("The program under TLS", .timeLimit(.minutes(10)))
struct EncryptionTests {
    /// Files for a server, with what is in them at first.
    private struct Files {
        let certificate: String
        let key: String

        init(_ cutroom: Cutroom, _ content: TestCertificate) throws {
            certificate = cutroom.folder + "/certificate.pem"
            key = cutroom.folder + "/key.pem"
            try replace(content, in: cutroom)
        }

        func replace(_ content: TestCertificate, in cutroom: Cutroom) throws {
            try cutroom.write(String(decoding: content.chain, as: UTF8.self), to: certificate)
            try cutroom.write(String(decoding: content.key, as: UTF8.self), to: key)
        }

        var words: [String] { ["--tls-certificate", certificate, "--tls-key", key] }
    }

    /// Asks by curl, which believes what is in a file and nothing else.
    private static func ask(
        _ cutroom: Cutroom, _ url: String, believing path: String, _ more: String...
    ) async throws -> Run {
        try await cutroom.run(
            program: "/usr/bin/curl",
            words: ["--silent", "--show-error", "--include", "--cacert", path] + more + [url])
    }

    @Test("A54: with a certificate the server speaks HTTPS, and tells browsers to insist on it")
    func serve() async throws {
        try await Cutroom.use { cutroom in
            let files = try Files(cutroom, TestCertificate())
            let running = try cutroom.start(words: ["serve", "--port", "0", "--workers", "0"] + files.words)
            let address = try await running.address()
            #expect(address.hasPrefix("https://127.0.0.1:"))
            let answer = try await Self.ask(cutroom, address + "/health/live", believing: files.certificate)
            #expect(answer.status == 0, "\(answer.errors)")
            #expect(answer.output.hasPrefix("HTTP/1.1 200"))
            #expect(answer.output.contains("Strict-Transport-Security: max-age=31536000"))
            #expect(answer.output.contains("X-Frame-Options: DENY"))
            let misdirected = try await Self.ask(
                cutroom, address + "/health/live", believing: files.certificate, "--header",
                "Host: evil.example")
            #expect(misdirected.output.hasPrefix("HTTP/1.1 421"))
            #expect(misdirected.output.contains("Strict-Transport-Security"))
            let page = try await Self.ask(
                cutroom, address + "/api/v1/tasks", believing: files.certificate, "--header",
                "Origin: \(address)", "--header", "Content-Type: application/json", "--data", "{}")
            #expect(page.output.hasPrefix("HTTP/1.1 422"), "a page of the server's own may ask")
            let plain = "http" + String(address.dropFirst("https".count))
            #expect(try await Self.ask(cutroom, plain, believing: files.certificate).status != 0)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("A54: SIGHUP has the certificate read again; one that cannot be used changes nothing but the log")
    func reload() async throws {
        try await Cutroom.use { cutroom in
            let (first, second) = (TestCertificate(), TestCertificate())
            let files = try Files(cutroom, first)
            let (firstOnly, secondOnly) = (cutroom.folder + "/first.pem", cutroom.folder + "/second.pem")
            try cutroom.write(String(decoding: first.chain, as: UTF8.self), to: firstOnly)
            try cutroom.write(String(decoding: second.chain, as: UTF8.self), to: secondOnly)
            let running = try cutroom.start(words: ["serve", "--port", "0", "--workers", "0"] + files.words)
            let address = try await running.address() + "/health/live"
            #expect(try await Self.ask(cutroom, address, believing: firstOnly).status == 0)

            try files.replace(second, in: cutroom)
            running.signal(SIGHUP)
            try await running.complains(of: "certificate read again")
            #expect(try await Self.ask(cutroom, address, believing: secondOnly).status == 0)
            #expect(try await Self.ask(cutroom, address, believing: firstOnly).status != 0)

            try cutroom.write(String(decoding: first.chain, as: UTF8.self), to: files.certificate)
            running.signal(SIGHUP)
            try await running.complains(of: "certificate not read again")
            #expect(try await Self.ask(cutroom, address, believing: secondOnly).status == 0)
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test("A54: a certificate that cannot be used ends the start with one line that names it")
    func unusable() async throws {
        try await Cutroom.use { cutroom in
            let files = try Files(cutroom, TestCertificate())
            try cutroom.write("nonsense", to: cutroom.folder + "/nonsense.pem")
            let other = String(decoding: TestCertificate().key, as: UTF8.self)
            try cutroom.write(other, to: cutroom.folder + "/other.pem")
            let cases: [(words: [String], line: String)] = [
                (["--tls-certificate", files.certificate], "--tls-certificate"),
                (["--tls-key", files.key], "--tls-key"),
                (
                    ["--tls-certificate", "/nowhere.pem", "--tls-key", files.key],
                    "/nowhere.pem cannot be read"
                ),
                (
                    ["--tls-certificate", files.certificate, "--tls-key", cutroom.folder + "/nonsense.pem"],
                    "nonsense.pem"
                ),
                (
                    ["--tls-certificate", files.certificate, "--tls-key", cutroom.folder + "/other.pem"],
                    "other.pem"
                ),
            ]
            for (words, line) in cases {
                let run = try await cutroom.run(words: ["serve", "--port", "0"] + words)
                #expect(run.status == 2)
                #expect(
                    run.errors.split(separator: "\n").count == 1 && run.errors.contains(line), "\(run.errors)"
                )
            }
        }
    }

    @Test("A54: the hashes of the pages' policies are those of what stands in them")
    func hashes() async throws {
        try await Cutroom.use { cutroom in
            let running = try cutroom.start("serve", "--port", "0", "--workers", "0")
            let address = try await running.address()
            for (path, tags) in [("/docs", ["style", "script"]), ("/", ["style"])] {
                let page = try await HTTPClient().send(
                    HTTPRequest(
                        address + path, headers: [(name: "Accept", value: "text/html")],
                        destination: .configured))
                let policy = try #require(page.header("Content-Security-Policy"))
                let text = String(decoding: page.body, as: UTF8.self)
                for tag in tags {
                    let start = try #require(text.firstRange(of: "<\(tag)>")).upperBound
                    let end = try #require(text.firstRange(of: "</\(tag)>")).lowerBound
                    try cutroom.write(String(text[start..<end]), to: cutroom.folder + "/content")
                    let digest = try await cutroom.run(
                        program: "/bin/sh",
                        words: ["-c", "openssl dgst -sha256 -binary \(cutroom.folder)/content | base64"])
                    let hash = digest.output.split(separator: "\n").first ?? ""
                    #expect(policy.contains("\(tag)-src 'sha256-\(hash)'"), "\(policy)")
                }
            }
            running.signal(SIGTERM)
            #expect(try await running.end().status == 0)
        }
    }

    @Test(
        "A54, A55: what others reach is not started with a secret that can be guessed, nor with a log that tells all",
        arguments: [
            ("CUTROOM_SECRET_KEY", String(repeating: "0", count: 64)),
            ("CUTROOM_SECRET_KEY", String(repeating: "0123456789abcdef", count: 4)),
            ("CUTROOM_LOG_LEVEL", "debug"),
        ])
    func exposed(variable: String, value: String) async throws {
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = ["CUTROOM_BIND": "0.0.0.0", "CUTROOM_ACCOUNTS": "on", variable: value]
            let run = try await cutroom.run("serve", "--port", "0")
            #expect(run.status == 2)
            #expect(
                run.errors.split(separator: "\n").count == 1 && run.errors.contains(variable), "\(run.errors)"
            )
        }
    }
}
