import FoundationEssentials
import Glibc
import Testing

@Suite("The files for running it elsewhere") struct DeploymentTests {
    private static let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    private static let folder = repository + "/deploy"

    private static func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")), as: UTF8.self)
    }

    /// What a file hands to the program as its environment, in the manner of a service of systemd or of compose.
    private static func variables(in text: String) -> [String: String] {
        var variables: [String: String] = [:]
        for match in text.matches(
            of: /(?m)^\s*(?:Environment=|ENV )?(?<name>CUTROOM_[A-Z_]+)(?:=|: )(?<value>.*)$/)
        {
            let value = String(match.value).replacing(/\$\{\w+:-(\w+)\}/) { String($0.1) }
            variables[String(match.name)] = value.replacing("\"", with: "")
        }
        return variables
    }

    @Test("the service of systemd exposes at most 2.0 of 10 to whoever gets into it")
    func service() async throws {
        guard access("/usr/bin/systemd-analyze", X_OK) == 0 else {
            try Test.cancel("systemd-analyze is not installed")
        }
        try await Cutroom.use { cutroom in
            let run = try await cutroom.run(
                program: "/usr/bin/systemd-analyze",
                words: [
                    "security", "--no-pager", "--offline=yes", "--threshold=20",
                    Self.folder + "/cutroom.service",
                ])
            #expect(run.status == 0, "\(run.output.split(separator: "\n").last ?? "")\(run.errors)")
        }
    }

    @Test("the image has every library that the program is linked with")
    func image() async throws {
        let image = try Self.text("Dockerfile")
        try await Cutroom.use { cutroom in
            let linked = try await cutroom.run(program: "/usr/bin/readelf", words: ["-d", Cutroom.binary])
            let names = linked.output.matches(of: /Shared library: \[(\w[^\]]*)\]/).map { String($0.1) }
            #expect(names.contains { $0.hasPrefix("libsqlite3") })
            // The Swift libraries are within the released program; the C library is in every image.
            for name in names
            where !name.hasPrefix("libswift") && !name.hasPrefix("lib_") && !name.hasPrefix("libFoundation")
                && !["libc.so.6", "libm.so.6", "libgcc_s.so.1"].contains(name) && !name.hasPrefix("ld-")
            {
                let owner = try await cutroom.run(program: "/usr/bin/dpkg", words: ["-S", name])
                let package = try #require(owner.output.split(separator: ":").first, "\(name)")
                #expect(image.contains(" \(package) "), "\(name) is of \(package)")
            }
        }
    }

    @Test(
        "every setting in them is one, and is taken",
        arguments: ["cutroom.service", "Dockerfile", "compose.yaml"])
    func settings(file: String) async throws {
        let variables = Self.variables(in: try Self.text(file)).filter { $0.key != "CUTROOM_STRICT" }
        #expect(!variables.isEmpty)
        try await Cutroom.use { cutroom in
            var cutroom = cutroom
            cutroom.environment = variables
            let run = try await cutroom.run("config")
            #expect(run.status == 0)
            #expect(run.errors == "")
        }
    }

    @Test(
        "rules and dashboard speak of metrics that there are",
        arguments: ["prometheus-rules.yaml", "grafana-dashboard.json"])
    func metrics(file: String) throws {
        let path = Self.repository + "/Docs/operations.md"
        let guide = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let known = Set(guide.matches(of: /\| `((?:cutroom|process)_[a-z_]+)` \|/).map { String($0.1) })
        #expect(known.count > 40)
        let spoken = try Self.text(file).matches(of: /\b((?:cutroom|process)_[a-z_]+)\b/).map { String($0.1) }
        #expect(spoken.count > 8)
        for name in Set(spoken) {
            #expect(known.contains(name.replacing(/_(bucket|sum|count)$/, with: "")), "\(name)")
        }
    }
}
