import Glibc
import Infrastructure
import TestSupport
import Testing

@Suite("The program and its document", .timeLimit(.minutes(15)))
struct OpenAPITests {
    /// The script that holds a server against its document.
    private static let script: String = {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        return root + "/scripts/check-openapi"
    }()
    /// What the script ends with where its tools cannot be had.
    private static let isWithoutTools: Int32 = 69

    @Test(
        "C69: whatever is sent, no answer is a 5xx or missing in the document, from the upload to the clips",
        .enabled(if: Slow.enabled))
    func document() async throws {
        try await Cutroom.use { cutroom in
            let sample = try await Recording.remark(in: cutroom.folder)
            let running = try cutroom.start("serve", "--port", "0", "--workers", "2")
            let address = try await running.address()
            // What it writes is read meanwhile: a full pipe would hold up every request that is logged.
            async let run = running.end()
            let check = try await ChildProcesses.shared.run(
                ChildProgram(
                    "bash", [Self.script, address], environment: ["SAMPLE": sample], folder: cutroom.folder,
                    limits: ChildLimits(deadline: .seconds(840)), network: true))
            running.signal(SIGTERM)
            #expect(try await run.status == 0)
            if check.exit == .code(Self.isWithoutTools) {
                try Test.cancel("\(check.complaint.split(separator: "\n").last ?? "the tools are missing")")
            }
            let report = String(decoding: check.output, as: UTF8.self)
            #expect(check.exit == .code(0), "\(report)\n\(check.complaint)")
            print(String(report.split(separator: "\n").last ?? ""))
        }
    }
}
