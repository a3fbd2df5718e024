import Application
import Domain
import FoundationEssentials
import Glibc
import Infrastructure
import Presentation

extension Command {
    /// `cutroom doctor`: what is missing on this machine, what it is for, and how to get it.
    static let doctor = Command(
        words: ["doctor"],
        summary:
            "Looks for every program, library, font, disk space and key, and says how to get what is missing.",
        options: [Settings.json.declaration],
        takesServiceSettings: true,
        examples: [
            Example(line: "cutroom doctor", summary: "ends with 1 if something essential is missing"),
            Example(line: "cutroom doctor --json", summary: "for programs"),
        ]
    ) { invocation in
        let findings = await Examination(invocation).findings()
        if invocation.configuration[Settings.json] {
            try invocation.output.writeJSON(findings)
        } else {
            show(findings, on: invocation.output)
        }
        return findings.contains { $0.isEssential && !$0.isFound } ? .failed : .done
    }

    private static func show(_ findings: [Finding], on terminal: Terminal) {
        let width = findings.reduce(0) { max($0, $1.name.displayWidth) }
        var kind = ""
        for finding in findings {
            if finding.kind != kind {
                kind = finding.kind
                terminal.writeLine(terminal.styled(kind, .bold))
            }
            let mark =
                finding.isFound
                ? terminal.styled("ok     ", .green)
                : terminal.styled(
                    finding.isEssential ? "missing" : "without", finding.isEssential ? .red : .yellow)
            let text = finding.isFound ? finding.detail : "\(finding.purpose): \(finding.remedy)"
            terminal.writeLine("  \(mark)  \(finding.name.padded(to: width))  \(text)")
        }
    }
}

/// What was found out about one requirement.
struct Finding: Sendable, Encodable {
    let kind: String
    let name: String
    let isFound: Bool
    let isEssential: Bool
    let detail: String
    let purpose: String
    let remedy: String

    private enum CodingKeys: String, CodingKey {
        case kind, name, detail, purpose, remedy
        case isFound = "found"
        case isEssential = "essential"
    }

    init(_ kind: String, _ requirement: Requirement, found detail: String?) {
        self.kind = kind
        name = requirement.name
        isFound = detail != nil
        isEssential = requirement.isEssential
        self.detail = detail ?? ""
        purpose = requirement.purpose
        remedy = requirement.remedy
    }
}

/// Looks at the machine.
struct Examination {
    let invocation: Invocation

    init(_ invocation: Invocation) {
        self.invocation = invocation
    }

    func findings() async -> [Finding] {
        var findings = await programs()
        let isolation = Requirement(
            name: "network isolation", purpose: "keeps ffmpeg off the network",
            remedy: "allow unprivileged user namespaces")
        findings.append(
            Finding(
                "programs", isolation, found: ChildProcesses.shared.isolatesNetwork() ? "unshare works" : nil)
        )
        findings += Requirement.libraries.map {
            Finding("libraries", $0.requirement, found: version(by: $0.function))
        }
        findings += await fonts()
        findings.append(disk())
        findings.append(addressCheck())
        // Where the store cannot be read, what administrators have set does not count either.
        let configuration = (try? invocation.administeredConfiguration()) ?? invocation.configuration
        findings += Requirement.services.map { service in
            let isSet = service.settings.allSatisfy { configuration[$0] != nil }
            return Finding("services", service.requirement, found: isSet ? "set" : nil)
        }
        return findings
    }

    /// The programs, by the same looks by which a server tells its health.
    private func programs() async -> [Finding] {
        let ytDlp = invocation.configuration[Settings.ytDlp]
        var findings: [Finding] = []
        for program in Requirement.programs {
            let path = ChildProcesses.find(program.name == "yt-dlp" ? ytDlp : program.name)
            let isFresh = await ProgramProbe(program, ytDlp: ytDlp).check().level == .healthy
            findings.append(Finding("programs", program, found: isFresh ? path : nil))
        }
        return findings
    }

    /// The version that a linked library tells, empty where its function tells none; nil where it is not linked.
    private func version(by function: String) -> String? {
        guard let address = dlsym(nil, function) else { return nil }
        guard ["version", "version_str", "version_string"].contains(where: function.hasSuffix),
            function != "ass_library_version"
        else { return "linked" }
        // Each of these takes nothing or a version that it may ignore, and answers with a static text.
        typealias Version = @convention(c) (UnsafePointer<CChar>?) -> UnsafePointer<CChar>?
        return unsafeBitCast(address, to: Version.self)(nil).map { version in
            // libcurl goes on to list all that it is linked with.
            String(String(cString: version).prefix { $0 != " " })
        } ?? "linked"
    }

    private func fonts() async -> [Finding] {
        let families = try? await FontconfigCaptionCatalog().fonts()
        let names = Set((families ?? []).map(\.name))
        return Requirement.fonts.map { font in
            let found = names.first { $0 == font.name } ?? names.sorted().first { $0.hasPrefix(font.name) }
            return Finding("fonts", font, found: found)
        }
    }

    /// Behind an operator's proxy nobody here sees which address a page's video is fetched from.
    private func addressCheck() -> Finding {
        let proxy = invocation.configuration[Settings.ytDlpProxy]
        let requirement = Requirement(
            name: "address check", purpose: "refuses sources at inside addresses",
            remedy: "behind yt_dlp_proxy no address is checked here, so the proxy itself must refuse them")
        return Finding("network", requirement, found: proxy == nil ? "at every connection" : nil)
    }

    private func disk() -> Finding {
        let data = DataFolder(invocation.configuration, environment: invocation.environment)
        // The folder may not be there yet: what counts is the disk that it will be on.
        var folder = data.path
        while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
            folder = folder.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        }
        let free = DiskProbe.freeBytes(in: folder.isEmpty ? "/" : folder) ?? 0
        let requirement = Requirement(
            name: "disk", purpose: "sources and clips of \(data.path)",
            remedy: "free at least \(DiskProbe.low >> 20) MiB", need: .essential)
        return Finding(
            "disk", requirement, found: free >= DiskProbe.low ? "\(free >> 20) MiB free at \(data.path)" : nil
        )
    }
}
