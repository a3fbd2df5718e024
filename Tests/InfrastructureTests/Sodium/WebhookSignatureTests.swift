import Application
import Domain
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Signatures of events", .timeLimit(.minutes(5)))
struct WebhookSignatureTests {
    /// The script that reads our signatures with PyPI's library.
    private static let script: String = {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        return root + "/scripts/check-webhooks"
    }()
    /// What the script ends with where its tools cannot be had.
    private static let isWithoutTools: Int32 = 69

    private func secrets() throws -> SodiumWebhookSecrets {
        let ring = try Keys.ring(0)
        return SodiumWebhookSecrets { ring }
    }

    @Test("A18: the example of the specification has the signature that it should have")
    func example() throws {
        let secret = try #require(
            WebhookSecret(bytes: [
                49, 242, 144, 246, 191, 6, 41, 138, 171, 79, 8, 212, 60, 63, 8, 44, 246, 72, 163, 98, 218, 45,
                164, 176,
            ]))
        let content = WebhookSignature.content(
            of: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(
            WebhookSignature.field([try secrets().tag(of: content, by: secret)])
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(
        "A18: PyPI's standardwebhooks verifies our signatures, by the new secret and by the former one",
        .enabled(if: Slow.enabled))
    func standardWebhooks() async throws {
        let secrets = try secrets()
        let (new, former) = (try secrets.make(), try secrets.make())
        let (id, seconds) = ("01890a5d-ac96-774b-bcce-b302099a8057", Int64(4_102_444_800))
        let body = #"{"type":"task.completed","data":{"title":"Ünïcode"}}"#
        let content = WebhookSignature.content(of: id, at: seconds, body: Array(body.utf8))
        let field = WebhookSignature.field([new, former].map { secrets.tag(of: content, by: $0) })
        let check = try await ChildProcesses.shared.run(
            ChildProgram(
                "bash", [Self.script, id, "\(seconds)", field, body, new.text, former.text],
                limits: ChildLimits(deadline: .seconds(200)), network: true))
        if check.exit == .code(Self.isWithoutTools) {
            try Test.cancel("\(check.complaint.split(separator: "\n").last ?? "the tools are missing")")
        }
        try #require(check.succeeded, "\(check.complaint)")
        #expect(String(decoding: check.output, as: UTF8.self) == "good\ngood\nrefused\n")
    }

    @Test("a secret opens for its own context, and the key is asked for when it is first needed")
    func seals() throws {
        let asked = Mutex(0)
        let ring = try Keys.ring(0)
        let secrets = SodiumWebhookSecrets {
            asked.withLock { $0 += 1 }
            return ring
        }
        let secret = try secrets.make()
        _ = secrets.tag(of: [1], by: secret)
        #expect(asked.withLock { $0 } == 0)
        let sealed = try secrets.seal(secret, context: "a")
        #expect(try secrets.open(sealed, context: "a") == secret)
        #expect(throws: PortError.self) { try secrets.open(sealed, context: "b") }
        #expect(throws: PortError.self) { try secrets.open([], context: "a") }
        #expect(asked.withLock { $0 } == 1)
        #expect(try secrets.make() != secret)
    }

    @Test("a key that could not be had is asked for again")
    func again() throws {
        let isThere = Mutex(false)
        let ring = try Keys.ring(0)
        let secrets = SodiumWebhookSecrets {
            guard isThere.withLock({ $0 }) else { throw PortError.unavailable("no key") }
            return ring
        }
        let secret = try secrets.make()
        #expect(throws: PortError.unavailable("no key")) { try secrets.seal(secret, context: "a") }
        isThere.withLock { $0 = true }
        #expect(try secrets.open(secrets.seal(secret, context: "a"), context: "a") == secret)
    }
}
