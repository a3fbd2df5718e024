import Application
import Domain
import Testing

@Suite("Taking everything home")
struct ExportTests {
    private let registry = Registry()
    private let workshop = Workshop()

    private var export: ExportAccount { ExportAccount(desk: registry.desk, media: workshop.studio) }

    private func names(_ export: AccountExport) throws -> [String] {
        var names: [String] = []
        while let thing = try export.next() {
            let name =
                switch thing {
                case .profile(let user): "profile \(user.profile?.username.text ?? "")"
                case .preferences: "preferences"
                case .sessions(let sessions): "\(sessions.count) sessions"
                case .keys(let keys): "\(keys.count) keys"
                case .webhooks(let webhooks): "\(webhooks.count) webhooks"
                case .deliveries(let deliveries, _, let part): "deliveries \(part): \(deliveries.count)"
                case .notifications(let deliveries, _): "\(deliveries.count) notifications"
                case .credits(let entries, let part): "credits \(part): \(entries.count)"
                case .audit(let lines, let part): "audit \(part): \(lines.count)"
                case .answers(let answers, let part): "answers \(part): \(answers.map(\.key.key))"
                case .task: "task"
                case .transcript: "transcript"
                case .clipFile: "clip file"
                case .upload(let upload): "upload \(upload.filename)"
                case .uploadFile: "upload file"
                }
            names.append(name)
        }
        return names
    }

    @Test("A7: all that is stored about a user is in an export, in parts, and nothing of others")
    func contents() async throws {
        let (user, caller) = try await registry.member()
        let (other, _) = try await registry.member("Bob")
        _ = try await registry.issueKey(name: "ci", scopes: [.tasksRead], by: caller, from: Registry.home)
        let identifiers = workshop.identifiers
        let options = try ClipOptions()
        let secrets = InMemoryWebhookSecrets(random: SeededRandomSource(seed: 5))
        let created = try await CreateWebhook(desk: registry.desk, secrets: secrets)(
            CreateWebhook.Command(address: try #require(WebhookAddress("https://a.example/hook"))),
            by: caller, from: Registry.home)
        _ = try await TestWebhook(desk: registry.desk)(created.webhook.id, by: caller)
        try await registry.store.write { writer in
            for owner in [user.id, other.id] {
                let answer = StoredAnswer(
                    fingerprint: ContentHash(bytes: [UInt8](repeating: 1, count: 32))!, status: 201,
                    location: "/", body: [1], createdAt: Timestamp(milliseconds: 0))
                let key = IdempotencyKey(
                    caller: owner, route: "/tasks", key: owner == user.id ? "mine" : "no")
                try writer.answerWriter.put(answer, under: key)
                let task = try VideoTask(
                    id: identifiers.make(), owner: owner, title: "Talk",
                    source: .address("https://a.example/v.mp4"), captions: nil, filename: "v.mp4",
                    options: options, createdAt: Timestamp(milliseconds: 0))
                try writer.taskWriter.insert(task)
                try writer.documentWriter.put(
                    Transcript(words: [], language: nil, engine: "test"), of: task.id)
            }
        }
        let names = try names(try await export(withFiles: true, by: caller, from: Registry.home))
        let lines = try registry.trail().count { $0.concerns(user.id) }
        #expect(
            names == [
                "profile Ada", "preferences", "1 sessions", "1 keys", "1 webhooks", "deliveries 1: 1",
                "credits 1: 1", "audit 1: \(lines)", "answers 1: [\"mine\"]",
                "task", "transcript",
            ])
    }

    @Test(
        "A7: uploads are walked to the last, their files only when they are wanted", arguments: [false, true])
    func uploads(withFiles: Bool) async throws {
        let (_, caller) = try await registry.member()
        let receive = ReceiveUpload(
            store: registry.store, media: workshop.studio, inspector: workshop.studio,
            identifiers: workshop.identifiers, clock: registry.clock, limitBytes: 100)
        for number in 1...45 {
            var reception = try receive.begin(filename: "\(number).mp4", by: caller)
            try [1 as UInt8].withUnsafeBytes { try reception.append($0) }
            _ = try await receive.finish(reception)
        }
        let names = try names(try await export(withFiles: withFiles, by: caller, from: Registry.home))
        #expect(names.filter { $0.hasPrefix("upload ") && $0.hasSuffix(".mp4") }.count == 45)
        #expect(names.count { $0 == "upload file" } == (withFiles ? 45 : 0))
    }

    @Test("A7: an export needs the person, is noted, and another one waits a minute")
    func pause() async throws {
        let (_, caller) = try await registry.member()
        let program = Caller(
            user: caller.user, role: .user, means: .apiKey(registry.desk.anyIdentifier(), Scope.forKeys))
        await #expect(throws: AccessError.missingScope(.accountSecurity)) {
            _ = try await export(withFiles: false, by: program, from: Registry.home)
        }
        let start = registry.clock.now()
        _ = try await export(withFiles: false, by: caller, from: Registry.home)
        #expect(try registry.trail(.userExported).map(\.initiator) == [.user(caller.user)])
        registry.clock.advance(by: .seconds(30))
        await #expect(throws: ExportError.tooSoon(until: start + ExportAccount.pause)) {
            _ = try await export(withFiles: false, by: caller, from: Registry.home)
        }
        let (_, other) = try await registry.member("Bob")
        _ = try await export(withFiles: false, by: other, from: Registry.home)
        registry.clock.advance(by: .seconds(31))
        _ = try await export(withFiles: false, by: caller, from: Registry.home)
    }
}
