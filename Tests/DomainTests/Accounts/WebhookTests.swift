import Domain
import Testing

@Suite("Webhooks")
struct WebhookTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let day = Duration.seconds(86_400)
    private let now = Self.now

    private func made(
        description: String = "", events: Set<WebhookEvent.Kind> = [.taskCompleted], isEnabled: Bool = true,
        present: Int = 0
    ) throws(WebhookError) -> Webhook {
        try Webhook.make(
            id: Identifier(high: 1, low: 1), owner: User.local,
            address: WebhookAddress(stored: "https://a.example/hook"), description: description,
            events: events, isEnabled: isEnabled, secret: [1], present: present, at: now)
    }

    @Test(
        "A18: an address is http or https, and holds no user, password, blanks or letters that are not ASCII",
        arguments: [
            ("https://a.example/hook?x=1", true), ("HTTP://a.example", true), ("http://[::1]:80/", true),
            ("https://user@a.example/", false), ("https://u:p@a.example/", false),
            ("https://a.example/@x", true), ("ftp://a.example/", false), ("a.example/hook", false),
            ("https://", false), ("https:///hook", false), ("https://a.example/a b", false),
            ("https://ä.example/", false), ("https://a.example\\@b.example/", false), ("", false),
        ])
    func addresses(_ text: String, isOne: Bool) {
        #expect((WebhookAddress(text) != nil) == isOne)
    }

    @Test("an address is as long as that of a source at most")
    func length() {
        let address = "https://a.example/"
        let rest = SourceAddress.greatestLength - address.count
        #expect(WebhookAddress(address + String(repeating: "x", count: rest)) != nil)
        #expect(WebhookAddress(address + String(repeating: "x", count: rest + 1)) == nil)
    }

    @Test("a user has at most 20, each with a description on one line and at least one kind of events")
    func rules() throws {
        #expect(throws: WebhookError.tooMany) { try made(present: Webhook.mostOfOne) }
        #expect(throws: WebhookError.description) { try made(description: "two\nlines") }
        #expect(throws: WebhookError.description) {
            try made(description: String(repeating: "x", count: 201))
        }
        #expect(throws: WebhookError.events) { try made(events: []) }
        #expect(throws: WebhookError.events) { try made(events: [.ping]) }
        #expect(try made(description: "  Zapier ", present: 19).description == "Zapier")
    }

    @Test("it takes the events that it asks for, and pings, unless it is switched off")
    func takes() throws {
        var webhook = try made()
        #expect(webhook.takes(.taskCompleted) && webhook.takes(.ping) && !webhook.takes(.taskFailed))
        #expect(try webhook.edit(Webhook.Edit(isEnabled: false), at: now))
        #expect(webhook.state == .disabled(.owner, at: now) && !webhook.takes(.ping))
        #expect(try !webhook.edit(Webhook.Edit(description: "", isEnabled: false), at: now))
        #expect(webhook.version == 1)
    }

    @Test("one at which nothing arrives for five days is switched off; one success makes up for all")
    func failing() throws {
        var webhook = try made()
        #expect(webhook.note(.failed, at: now) == nil)
        #expect(webhook.note(.retried(at: now), at: now + Self.day * 4) == nil)
        #expect(webhook.note(.delivered, at: now + Self.day * 4) == nil)
        #expect(webhook.failingSince == nil)
        let again = now + Self.day * 4 + .seconds(1)
        #expect(webhook.note(.failed, at: again) == nil)
        #expect(webhook.note(.failed, at: again + Webhook.patience - .milliseconds(1)) == nil)
        #expect(webhook.state == .enabled)
        let end = again + Webhook.patience
        #expect(webhook.note(.retried(at: end), at: end) == .failing)
        #expect(webhook.state == .disabled(.failing, at: end))
        #expect(webhook.note(.failed, at: end) == nil)
        #expect(try webhook.edit(Webhook.Edit(isEnabled: true), at: end))
        #expect(webhook.failingSince == nil && webhook.takes(.taskCompleted))
    }

    @Test("one that answers that it is gone is switched off at once")
    func gone() throws {
        var webhook = try made()
        #expect(webhook.note(.gone, at: now) == .gone)
        #expect(webhook.state == .disabled(.gone, at: now) && webhook.version == 1)
    }

    @Test("what changes nothing is no new version")
    func unchanged() throws {
        var webhook = try made()
        #expect(webhook.note(.delivered, at: now) == nil)
        #expect(try !webhook.edit(Webhook.Edit(), at: now))
        #expect(webhook.version == 0)
    }

    @Test("after a rotation both secrets sign for 24 hours, the new one first; a third sends the first away")
    func rotation() {
        var secrets = SigningSecrets(current: [1])
        #expect(secrets.signing(at: now) == [[1]])
        secrets.rotate(to: [2], at: now)
        #expect(secrets.signing(at: now + SigningSecrets.grace - .milliseconds(1)) == [[2], [1]])
        #expect(secrets.signing(at: now + SigningSecrets.grace) == [[2]])
        secrets.rotate(to: [3], at: now)
        #expect(secrets.signing(at: now) == [[3], [2]])
    }

    @Test("a secret has 24–64 bytes, is written in Base64, and never shows in a log")
    func secret() throws {
        // The example of the specification.
        let bytes: [UInt8] = [
            49, 242, 144, 246, 191, 6, 41, 138, 171, 79, 8, 212, 60, 63, 8, 44, 246, 72, 163, 98, 218, 45,
            164, 176,
        ]
        let secret = try #require(WebhookSecret(bytes: bytes))
        #expect(secret.text == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(!"\(secret)".contains("MfKQ"))
        #expect(WebhookSecret(bytes: Array(repeating: 0, count: 23)) == nil)
        #expect(WebhookSecret(bytes: Array(repeating: 0, count: 65)) == nil)
        #expect(WebhookSecret(bytes: Array(repeating: 255, count: 32))?.text.hasSuffix("8=") == true)
        #expect(WebhookSecret(bytes: Array(repeating: 0, count: 25))?.text.hasSuffix("AA==") == true)
    }

    @Test("what is signed is identifier, seconds and body; several signatures stand in one field")
    func signature() {
        #expect(
            WebhookSignature.content(of: "msg_1", at: 1_614_265_330, body: Array("{}".utf8))
                == Array("msg_1.1614265330.{}".utf8))
        #expect(WebhookSignature.field([[0, 16, 131], [255]]) == "v1,ABCD v1,/w==")
    }
}
