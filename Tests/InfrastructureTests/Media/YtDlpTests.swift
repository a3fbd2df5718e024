import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Fetching videos from pages by yt-dlp")
struct YtDlpTests {
    private static let video = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 11) }
    private static let talk = #"{"id":"x","title":"A: talk?","duration":90,"language":"en-US","#

    @Test("a page's video comes with its title, its captions and progress")
    func fetched() async throws {
        let info =
            Self.talk
            + #""subtitles":{"de":[],"en":[],"live_chat":[]},"automatic_captions":{"en-orig":[],"fr":[]}}"#
        try await withPage(info: info) { page in
            let reports = Mutex<[Double]>([])
            let fetched = try await page.fetch { fraction, _ in reports.withLock { $0.append(fraction) } }
            #expect(fetched.title == "A: talk?")
            #expect(fetched.filename == "A_ talk_.mp4")
            #expect(readFile(try #require(page.store.path(of: fetched.file.id))) == Self.video)
            let captions = try #require(fetched.captions)
            #expect(readFile(try #require(page.store.path(of: captions.id))) == Array("WEBVTT en".utf8))
            let seen = reports.withLock { $0 }
            #expect(seen == seen.sorted() && seen.last == 0.95)
            #expect(page.temporaryFiles.isEmpty)
        }
    }

    @Test("it runs without configuration, plugins, programs of its own, and with one way to the network")
    func arguments() async throws {
        try await withPage(info: Self.talk + "}", cookies: "# Netscape HTTP Cookie File\n") { page in
            _ = try await page.fetch { _, _ in }
            let runs = page.runs.filter { !$0.contains("--version") }
            #expect(runs.count == 2)
            for run in runs {
                for flag in [
                    "--ignore-config", "--no-plugin-dirs", "--no-exec", "--no-cache-dir", "--no-playlist",
                ] {
                    #expect(run.contains(flag))
                }
                #expect(page.value(of: "--proxy", in: run)?.hasPrefix("http://127.0.0.1:") == true)
                let cookies = try #require(page.value(of: "--cookies", in: run))
                #expect(cookies != page.folder + "/cookies" && cookies.hasPrefix(page.folder + "/data/tmp/"))
            }
            #expect(runs[0].suffix(2) == ["--", "https://pages.example/talk"])
            #expect(page.value(of: "--format-sort", in: runs[1]) == "res:1080,fps:60")
            #expect(readFile(page.folder + "/cookies") == Array("# Netscape HTTP Cookie File\n".utf8))
        }
    }

    @Test(
        "captions are taken in the language that is spoken, never translated",
        arguments: [
            (#""language":"de","subtitles":{"de":[],"en":[]}"#, "--write-subs de"),
            (#""language":"de","subtitles":{"de-AT":[],"en":[]}"#, "--write-subs de-AT"),
            (
                #""language":"de","subtitles":{"en":[]},"automatic_captions":{"de-orig":[],"de":[]}"#,
                "--write-auto-subs de-orig"
            ),
            (#""subtitles":{"fr":[]}"#, "--write-subs fr"),
            (
                #""subtitles":{"fr":[],"en":[]},"automatic_captions":{"fr-orig":[]}"#,
                "--write-auto-subs fr-orig"
            ),
            (#""subtitles":{"fr":[],"en":[]}"#, ""), (#""language":"de","subtitles":{".*":[]}"#, ""),
            ("\"x\":1", ""),
        ])
    func captions(fields: String, expected: String) async throws {
        try await withPage(info: "{\(fields)}") { page in
            let fetched = try await page.fetch { _, _ in }
            let run = page.runs.first { $0.contains("--skip-download") } ?? []
            let kind = run.first { $0.hasPrefix("--write-") } ?? ""
            let words = [kind, page.value(of: "--sub-langs", in: run) ?? ""].filter { !$0.isEmpty }
            #expect(words.joined(separator: " ") == expected)
            #expect((fetched.captions != nil) == !expected.isEmpty)
        }
    }

    @Test(
        "C21: what is too long, too large, live or a list is refused before it is fetched",
        arguments: [
            (#"{"duration":3601}"#, "source_too_long"), (#"{"filesize_approx":2e12}"#, "payload_too_large"),
            (#"{"is_live":true}"#, "fetch_refused"), (#"{"live_status":"is_upcoming"}"#, "fetch_refused"),
            (#"{"_type":"playlist","entries":[]}"#, "address_unsupported"), ("nonsense", "program_failed"),
        ])
    func refused(info: String, code: String) async throws {
        try await withPage(info: info) { page in
            let error = await #expect(throws: MediaError.self) { try await page.fetch { _, _ in } }
            #expect(error?.code == code)
            #expect(!page.runs.contains { $0.contains("--load-info-json") })
            #expect(page.temporaryFiles.isEmpty)
            #expect(page.store.files().isEmpty)
        }
    }

    @Test("its traffic is checked on the address it leads to")
    func inside() async throws {
        try await withPage(info: Self.talk + "}", policy: AddressPolicy()) { page in
            let error = await #expect(throws: MediaError.self) { try await page.fetch { _, _ in } }
            #expect(error == .addressRefused("127.0.0.1 is this machine"))
            #expect(page.server.requests.isEmpty)
        }
        try await withPage(info: Self.talk + "}", ports: [443]) { page in
            let error = await #expect(throws: MediaError.self) { try await page.fetch { _, _ in } }
            #expect(error?.code == "address_refused")
            #expect(page.server.requests.isEmpty)
        }
    }

    @Test(
        "versions with known holes are refused",
        arguments: [
            ("2026.07.04", true), ("2026.07.04.123456", true), ("2026.10.26", true), ("2027.01.01", true),
            ("2026.07.03", false), ("2026.06.30", false), ("2023.03.04", false), ("nonsense", false),
            ("", false),
        ])
    func versions(version: String, isAccepted: Bool) async throws {
        try await withPage(info: Self.talk + "}", version: version) { page in
            if isAccepted {
                _ = try await page.fetch { _, _ in }
                #expect(try await WebSourceFetcher.ytDlpVersion(page.program) == version)
            } else {
                let error = await #expect(throws: MediaError.self) { try await page.fetch { _, _ in } }
                #expect(error?.code == "program_failed")
                #expect(page.runs.allSatisfy { $0.contains("--version") })
            }
        }
    }

    @Test("without yt-dlp a page is refused with a word on what is missing")
    func missing() async throws {
        try await withPage(info: "{}") { page in
            unlink(page.program)
            let error = await #expect(throws: MediaError.self) { try await page.fetch { _, _ in } }
            #expect(error == .programMissing("yt-dlp"))
        }
    }

    @Test(
        "what it complains about decides whether trying again helps",
        arguments: [
            ("ERROR: [x] y: Video unavailable", "fetch_refused"),
            ("ERROR: HTTP Error 503: busy", "unavailable"),
            ("ERROR: HTTP Error 429: Too Many Requests", "unavailable"),
            ("ERROR: read timed out", "unavailable"),
            ("ERROR: [Errno 28] No space left on device", "full"), ("Traceback", "program_failed"),
            ("ERROR: [Errno 27] File too large", "payload_too_large"),
        ])
    func complaints(complaint: String, code: String) async throws {
        try await withPage(info: Self.talk + "}", complaint: complaint) { page in
            do {
                _ = try await page.fetch { _, _ in }
                Issue.record("it was fetched")
            } catch let error as MediaError {
                #expect(error.code == code)
            } catch PortError.unavailable {
                #expect(code == "unavailable")
            } catch PortError.full {
                #expect(code == "full")
            }
            #expect(page.temporaryFiles.isEmpty)
        }
    }

    @Test("what it complains about does not show who the operator's proxy is told to be")
    func proxyCredentials() async throws {
        let proxy = "http://operator:secret@proxy.example:3128"
        try await withPage(
            info: Self.talk + "}", complaint: "ERROR: Unable to connect to proxy \(proxy)", proxy: proxy
        ) { page in
            let error = await #expect(throws: MediaError.self) { try await page.fetch { _, _ in } }
            #expect(page.runs.contains { $0.contains(proxy) })
            #expect(error?.explanation.contains("…@proxy.example:3128") == true)
            #expect(error?.explanation.contains("secret") == false)
        }
    }

    // MARK: - A program that stands in for yt-dlp

    private struct Page {
        let folder: String
        let program: String
        let server: ScriptedServer
        let store: FileMediaStore
        let fetcher: WebSourceFetcher

        var runs: [[String]] {
            let log = readFile(folder + "/runs") ?? []
            return String(decoding: log, as: UTF8.self).split(separator: "\n").map { line in
                line.split(separator: "\t").map(String.init)
            }
        }

        var temporaryFiles: [String] { InfrastructureTests.temporaryFiles(folder + "/data") }

        func fetch(progress: @escaping ProgressReport) async throws -> FetchedSource {
            try await fetcher.fetch(address: "https://pages.example/talk", progress: progress)
        }

        func value(of option: String, in run: [String]) -> String? {
            run.firstIndex(of: option).map { run[$0 + 1] }
        }
    }

    private func withPage(
        info: String, policy: AddressPolicy = AddressPolicy(allowed: [AddressRange("127.0.0.1")!]),
        ports: Set<UInt16>? = nil, version: String = "2026.10.26", complaint: String = "",
        cookies: String? = nil, proxy: String? = nil,
        _ body: (Page) async throws -> Void
    ) async throws {
        let server = ScriptedServer { _ in .answer(body: Self.video) }
        try await withTemporaryFolder { folder in
            let program = folder + "/yt-dlp"
            let script = Self.script.replacing("FOLDER", with: folder).replacing("VERSION", with: version)
                .replacing("PORT", with: String(server.port)).replacing("COMPLAINT", with: complaint)
            writeFile(Array(script.utf8), to: program)
            chmod(program, 0o700)
            writeFile(Array(info.utf8), to: folder + "/info")
            if let cookies { writeFile(Array(cookies.utf8), to: folder + "/cookies") }
            let store = try FileMediaStore(
                folder: folder + "/data",
                identifiers: IdentifierMaker(clock: SystemClock(), random: SystemRandomSource()))
            var settings = WebSourceSettings(
                policy: policy, limitBytes: 1 << 30, limitSeconds: 3600, pageHosts: ["pages.example"],
                ytDlp: program, cookies: cookies.map { _ in folder + "/cookies" })
            settings.pagePorts = ports ?? [server.port]
            settings.pageProxy = proxy
            let fetcher = WebSourceFetcher(settings: settings, media: store)
            try await body(
                Page(folder: folder, program: program, server: server, store: store, fetcher: fetcher))
        }
    }

    private static let script = """
        #!/usr/bin/python3
        import http.client, sys
        words = sys.argv[1:]
        with open("FOLDER/runs", "a") as log:
            log.write("\\t".join(words) + "\\n")
        if "--version" in words:
            print("VERSION")
            sys.exit(0)
        if "COMPLAINT":
            sys.exit("COMPLAINT")
        def value(option):
            return words[words.index(option) + 1]
        def get(path):
            connection = http.client.HTTPConnection("127.0.0.1", int(value("--proxy").rsplit(":")[-1]))
            connection.set_tunnel("127.0.0.1", PORT)
            try:
                connection.request("GET", path)
                return connection.getresponse().read()
            except OSError as error:
                sys.exit("ERROR: " + str(error))
        if "--dump-single-json" in words:
            get("/page")
            print(open("FOLDER/info").read())
        elif "--skip-download" in words:
            language = value("--sub-langs")
            open(value("--paths") + "/captions." + language + ".vtt", "w").write("WEBVTT " + language)
        else:
            open(value("--load-info-json")).close()
            prefix = value("--progress-template").split("%")[0].replace("download:", "")
            print(prefix + "50 100 NA 137\\nsomething else\\r" + prefix + "inf inf NA 140\\n" + prefix + "1e300 NA NA 140\\n" + prefix + "5 NA 10.0 140", flush=True)
            open(value("--paths") + "/video.mp4", "wb").write(get("/video"))
        """
}
