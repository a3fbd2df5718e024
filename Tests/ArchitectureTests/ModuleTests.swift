import Testing

@Suite("Modules know only what they may")
struct ModuleTests {
    /// A target and what it may import, besides the standard library.
    struct Row: Sendable, CustomTestStringConvertible {
        let target: String
        let modules: Set<String>

        init(_ target: String, _ modules: Set<String>) {
            self.target = target
            self.modules = modules
        }

        var testDescription: String { target }
    }

    static let table = [
        Row("Domain", []),
        Row("Application", ["Domain", "Synchronization"]),
        Row("ApplicationConformance", ["Application", "Domain", "Synchronization"]),
        Row(
            "Infrastructure",
            [
                "Application", "Domain", "Synchronization", "Glibc", "FoundationEssentials", "CSQLite",
                "CCurl",
                "CLibass", "CArchive", "CFontconfig", "CGnuTLS", "CLinux", "CSodium", "CIDN2",
                "CUnistring",
            ]),
        Row(
            "Presentation",
            [
                "Application", "Domain", "Synchronization", "Glibc", "FoundationEssentials", "CMicroHTTPD",
                "CWslay", "CGnuTLS", "CJansson", "CLinux", "CZlib",
            ]),
        Row(
            "App",
            [
                "Application", "Domain", "Infrastructure", "Presentation", "Synchronization", "Glibc",
                "FoundationEssentials", "CLinux",
            ]),
    ]

    @Test("A1: a target imports only what its row of the table allows", arguments: table)
    func imports(row: Row) {
        let files = Repository.sources(in: row.target)
        #expect(!files.isEmpty)
        for file in files where file.path != "Sources/Domain/Shared/Mathematics.swift" {
            for (module, line) in file.imports where !row.modules.contains(module) {
                Issue.record("\(file.path):\(line) imports \(module)")
            }
        }
    }

    @Test("the example of embedding knows the Domain and the Application alone")
    func example() {
        let files = Repository.examples
        #expect(!files.isEmpty)
        for file in files {
            for (module, line) in file.imports
            where !["Application", "Domain", "Synchronization"].contains(module) {
                Issue.record("\(file.path):\(line) imports \(module)")
            }
        }
    }

    @Test("the Domain reaches the C library in one file")
    func mathematics() {
        let reaching = Repository.sources(in: "Domain").filter { !$0.imports.isEmpty }.map(\.path)
        #expect(reaching == ["Sources/Domain/Shared/Mathematics.swift"])
    }

    @Test("A1: the Domain has no Codable, no concurrency, no clock and no randomness")
    func pureDomain() {
        let foreign: Set<String> = [
            "Codable", "Encodable", "Decodable", "async", "await", "Task", "actor", "ContinuousClock",
            "SuspendingClock", "SystemRandomNumberGenerator", "randomElement", "shuffled", "print",
        ]
        for file in Repository.sources(in: "Domain") {
            for word in file.words.intersection(foreign).sorted() {
                Issue.record("\(file.path) says \(word)")
            }
            for (index, line) in file.code.enumerated() where line.contains(".random(") {
                Issue.record("\(file.place(index)) draws at random")
            }
        }
    }

    @Test("a technology's C library stays in its room")
    func technologies() {
        let rooms = [
            "CMicroHTTPD": "Sources/Presentation/Server/", "CWslay": "Sources/Presentation/Server/",
            "CSQLite": "Sources/Infrastructure/SQLite/",
            "CCurl": "Sources/Infrastructure/Curl/", "CJansson": "Sources/Presentation/HTTP/JSON/",
            "CSodium": "Sources/Infrastructure/Sodium/", "CIDN2": "Sources/Infrastructure/Unicode/",
            "CUnistring": "Sources/Infrastructure/Unicode/", "CZlib": "Sources/Presentation/HTTP/Message/",
        ]
        for file in Repository.sources {
            for (module, line) in file.imports {
                guard let room = rooms[module], !file.path.hasPrefix(room) else { continue }
                Issue.record("\(file.path):\(line) imports \(module), which belongs to \(room)")
            }
        }
    }

    @Test("Foundation is never imported whole, and its essentials only where they may be")
    func foundation() {
        for file in Repository.sources {
            for (module, line) in file.imports where module.hasPrefix("Foundation") {
                let mayUseEssentials =
                    ["Sources/Infrastructure/", "Sources/Presentation/API/V1/", "Sources/App/"]
                    .contains { file.path.hasPrefix($0) }
                #expect(module == "FoundationEssentials" && mayUseEssentials, "\(file.path):\(line)")
            }
        }
    }

    @Test("scripts/setup installs every library that the package links")
    func setup() throws {
        let manifest = try #require(Repository.text(of: "Package.swift"))
        let script = try #require(Repository.text(of: "scripts/setup"))
        let packages = manifest.split(separator: "apt: \"").dropFirst().compactMap {
            $0.split(separator: "\"").first
        }
        #expect(packages.count > 5)
        for package in packages where !script.contains(package) {
            Issue.record("scripts/setup does not install \(package)")
        }
    }
}
