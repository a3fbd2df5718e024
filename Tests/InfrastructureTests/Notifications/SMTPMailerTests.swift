import Application
import Domain
import FoundationEssentials
import Infrastructure
import Synchronization
import TestSupport
import Testing

@Suite("Mail by SMTP")
struct SMTPMailerTests {
    private static let recipient = try! EmailAddress("ada@example.org")

    private func mailer(
        _ port: UInt16, protection: SMTPServer.Protection = .none, account: SMTPServer.Account? = nil,
        name: String? = "Cutroom", deadline: Duration = .seconds(20), clock: any WallClock = InMemoryClock(),
        upstream: Upstream? = nil
    ) throws -> SMTPMailer {
        return SMTPMailer(
            server: SMTPServer(
                host: "127.0.0.1", port: port, protection: protection, account: account, deadline: deadline),
            upstream: upstream ?? .forTests("mail", clock: clock),
            sender: SMTPMailer.Sender(try EmailAddress("noreply@cut.example"), name: name), clock: clock,
            identifiers: IdentifierMaker(clock: clock, random: SeededRandomSource(seed: 1)))
    }

    /// What PLAIN (RFC 4616) makes of the account of these tests.
    private static let credentials = Data("\0cutroom\0geheim".utf8).base64EncodedString()

    /// What a server says to who signs in.
    private static func signIn(_ line: String) -> LineServer.Reply? {
        switch line {
        case "AUTH PLAIN": "334 "
        case credentials: "235 welcome"
        default: nil
        }
    }

    /// A server that takes every message.
    private func server(
        features: String = "250 8BITMIME",
        _ change: @escaping @Sendable (String) -> LineServer.Reply? = { _ in nil }
    ) -> LineServer {
        LineServer(greeting: "220 mail.example ESMTP") { line in
            if let reply = change(line) { return reply }
            switch line.split(separator: " ").first {
            case "EHLO": return .say("250-mail.example\n\(features)")
            case "DATA": return .listen("354 go on")
            case "QUIT": return "221 bye"
            default: return "250 ok"
            }
        }
    }

    /// The message that a server was given: its header fields, folded lines put together, and its one part.
    private func message(_ server: LineServer) throws -> (fields: [String], part: [String], lines: [String]) {
        let lines = try #require(server.conversations.last)
        let start = try #require(lines.firstIndex(of: "DATA")) + 1
        let end = try #require(lines[start...].firstIndex(of: "."))
        let all = Array(lines[start..<end])
        let blank = try #require(all.firstIndex(of: ""))
        var fields: [String] = []
        for line in all[..<blank] {
            if line.first == " " || line.first == "\t" {
                fields[fields.count - 1] += line
            } else {
                fields.append(line)
            }
        }
        // The boundary and the part's own header fields come first.
        let partBlank = try #require(all[(blank + 1)...].firstIndex(of: ""))
        return (fields, Array(all[(partBlank + 1)...]), all)
    }

    @Test("a message goes to whom it is for, and says who sends it, what it is about and when")
    func sends() async throws {
        let server = server()
        try await mailer(server.port).send(
            Mail(to: Self.recipient, subject: "Confirm your address", text: "Hello Ada,\n\nclick.\n"))
        let lines = try #require(server.conversations.first)
        #expect(lines[0] == "EHLO cut.example")
        #expect(lines.contains("MAIL FROM:<noreply@cut.example>"))
        #expect(lines.contains("RCPT TO:<ada@example.org>"))
        let message = try message(server)
        for field in [
            "From: Cutroom <noreply@cut.example>", "To: ada@example.org", "Subject: Confirm your address",
            "Date: Mon, 21 Sep 2026 14:13:20 +0000", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
        ] {
            #expect(message.fields.contains { $0.lowercased() == field.lowercased() }, "\(field)")
        }
        #expect(message.fields.contains { $0.hasPrefix("Message-ID: <") && $0.hasSuffix("@cut.example>") })
        #expect(message.lines.contains("Content-Type: text/plain; charset=utf-8"))
        #expect(message.lines.contains("Content-Transfer-Encoding: quoted-printable"))
        #expect(Array(message.part.prefix(3)) == ["Hello Ada,", "", "click."])
    }

    @Test("letters of any script arrive, and no line is too long")
    func letters() async throws {
        let server = server()
        let subject = "Grüße an Ада — 日本語のとても長い件名でございます 🎬 and some more so that it does not fit"
        let long = String(repeating: "x", count: 2000)
        try await mailer(server.port, name: "Łódź, \"Cut\" <room>").send(
            Mail(to: Self.recipient, subject: subject, text: "é\r\n=3D\r\n.\r\n..two\n\(long)\rend"))
        let message = try message(server)
        // libcurl writes the boundary of the parts on one line, which is 80 bytes long.
        let lines = message.lines.filter { !$0.contains("boundary=") }
        #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { $0 < 0x80 } }, "\(lines)")
        let field = try #require(message.fields.first { $0.hasPrefix("Subject: ") })
        #expect(decodedWords(String(field.dropFirst(9))) == subject)
        let from = try #require(message.fields.first { $0.hasPrefix("From: ") })
        #expect(from.hasSuffix(" <noreply@cut.example>"))
        #expect(decodedWords(String(from.dropFirst(6).dropLast(22))) == "Łódź, \"Cut\" <room>")
        // The dots at the beginning are doubled on the way (RFC 5321, section 4.5.2).
        let text = quotedPrintable(message.part.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 })
        #expect(text.hasPrefix("é\r\n=3D\r\n.\r\n..two\r\n\(long)\r\nend"))
    }

    @Test(
        "nothing in a subject becomes a header field of its own",
        arguments: [
            "Hello\r\nBcc: eve@example.com", "Hello\nBcc: eve@example.com",
            "Hello\r\n\r\nBcc: eve@example.com",
            "Hello\rBcc: eve@example.com", "Hello\u{85}Bcc: x", "=?UTF-8?Q?=0D=0ABcc:?=", "\0Bcc: x", "",
        ])
    func injection(subject: String) async throws {
        let server = server()
        try await mailer(server.port, name: subject).send(
            Mail(to: Self.recipient, subject: subject, text: ""))
        let message = try message(server)
        let names = message.fields.compactMap { $0.split(separator: ":").first.map { $0.lowercased() } }
        #expect(!names.contains("bcc"))
        #expect(names.filter { $0 == "subject" }.count == 1)
        let field = try #require(message.fields.first { $0.hasPrefix("Subject:") })
        #expect(decodedWords(String(field.dropFirst(8))).unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test(
        "an address that was never checked goes nowhere",
        arguments: [
            "a@example.org>\r\nRCPT TO:<eve@example.com", "a b@example.org", "a@example.org\r\nDATA", "@",
            "a@",
            "a@b", "<a@example.org>",
        ])
    func address(text: String) async throws {
        let server = server()
        let address = try #require(EmailAddress(stored: text))
        await #expect(throws: PortError.self) {
            try await mailer(server.port).send(Mail(to: address, subject: "", text: ""))
        }
        #expect(server.conversations.isEmpty)
    }

    @Test("where STARTTLS is wanted and not offered, neither name, password nor message is told")
    func downgrade() async throws {
        let server = server(features: "250 AUTH PLAIN LOGIN")
        let mailer = try self.mailer(
            server.port, protection: .startTLS, account: .init(user: "cutroom", password: "geheim"))
        await #expect(throws: PortError.self) {
            try await mailer.send(Mail(to: Self.recipient, subject: "a", text: "b"))
        }
        let words = server.conversations.flatMap(\.self).compactMap { $0.split(separator: " ").first }
        #expect(Set(words).isSubset(of: ["EHLO", "STARTTLS", "QUIT"]), "\(words)")
    }

    @Test("a server that offers STARTTLS and then speaks no TLS is told nothing either")
    func brokenTLS() async throws {
        for protection in [SMTPServer.Protection.startTLS, .tls] {
            let server = server(features: "250 STARTTLS") { $0 == "STARTTLS" ? "220 go on" : nil }
            let mailer = try self.mailer(
                server.port, protection: protection, account: .init(user: "cutroom", password: "geheim"),
                deadline: .seconds(2))
            await #expect(throws: PortError.self) {
                try await mailer.send(Mail(to: Self.recipient, subject: "a", text: "b"))
            }
            #expect(
                !server.conversations.flatMap(\.self).contains {
                    $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL")
                })
        }
    }

    @Test("who has an account signs in")
    func account() async throws {
        let server = server(features: "250 AUTH PLAIN") { Self.signIn($0) }
        try await mailer(server.port, account: .init(user: "cutroom", password: "geheim"))
            .send(Mail(to: Self.recipient, subject: "a", text: "b"))
        #expect(server.conversations[0].contains(Self.credentials))
    }

    @Test(
        """
        a refusal for good is one only when it is about the message, and the error holds neither password nor \
        message
        """,
        arguments: [
            ("AUTH", "535 no", false), ("MAIL", "451 later", false), ("RCPT", "450 greylisted", false),
            ("RCPT", "550 unknown", true), ("DATA", "554 no", true), (".", "552 full", true),
        ])
    func refusal(command: String, answer: String, isFinal: Bool) async throws {
        let server = server(features: "250 AUTH PLAIN") { line in
            if line.split(separator: " ").first.map(String.init) == command { return .say(answer) }
            return Self.signIn(line)
        }
        let error = try await #require(throws: (any Error).self) {
            try await mailer(server.port, account: .init(user: "cutroom", password: "geheim"))
                .send(Mail(to: Self.recipient, subject: "private", text: "personal"))
        }
        let reason: String
        switch error {
        case let refusal as MailRefusal: reason = isFinal ? refusal.reason : ""
        case PortError.unavailable(let cause, _): reason = isFinal ? "" : cause
        default: throw error
        }
        #expect(reason.contains(answer.prefix(3)), "\(reason)")
        for secret in ["geheim", "private", "personal", "ada@"] { #expect(!reason.contains(secret)) }
    }

    @Test("a server that never answers is given up after the deadline, or when nobody waits any more")
    func silence() async throws {
        let server = server { $0.hasPrefix("EHLO") ? .silence : nil }
        await #expect(throws: PortError.self) {
            try await self.mailer(server.port, deadline: .milliseconds(200)).send(
                Mail(to: Self.recipient, subject: "", text: ""))
        }
        let mailer = try self.mailer(server.port, deadline: .seconds(600))
        let sending = Task { try await mailer.send(Mail(to: Self.recipient, subject: "", text: "")) }
        while server.conversations.count < 2 { await Task.yield() }
        sending.cancel()
        await #expect(throws: PortError.cancelled) { try await sending.value }
    }

    @Test("where nobody listens, or someone hangs up, mail is unavailable")
    func nobody() async throws {
        let gone = LineServer(greeting: .hangUp) { _ in .hangUp }.port
        let server = LineServer(greeting: .hangUp) { _ in .hangUp }
        for port in [gone, server.port] {
            await #expect(throws: PortError.self) {
                try await mailer(port).send(Mail(to: Self.recipient, subject: "", text: ""))
            }
        }
    }

    @Test("A65: mail is refused at once while its server rests, so that its courier keeps it")
    func rests() async throws {
        let broken = LineServer(greeting: "421 too busy") { _ in "221 bye" }
        let server = server()
        let clock = InMemoryClock()
        let upstream = Upstream.forTests("mail", clock: clock)
        func send(to port: UInt16) async throws {
            try await mailer(port, clock: clock, upstream: upstream).send(
                Mail(to: Self.recipient, subject: "", text: ""))
        }
        for _ in 0..<5 { await #expect(throws: PortError.self) { try await send(to: broken.port) } }
        #expect(upstream.state.name == .open)
        await #expect(throws: PortError.self) { try await send(to: server.port) }
        #expect(server.conversations.isEmpty)
        clock.advance(by: .seconds(120))
        try await send(to: server.port)
        #expect(upstream.state == .closed(failures: 0))
        #expect(broken.conversations.count == 5 && server.conversations.count == 1)
    }

    @Test(
        "A65: messages that a mail server refuses are no failures of it",
        arguments: ["550 unknown", "450 later"])
    func refusalsAreAnswers(answer: String) async throws {
        let server = server { $0.hasPrefix("RCPT") ? .say(answer) : nil }
        let upstream = Upstream.forTests("mail", clock: InMemoryClock())
        for _ in 0..<6 {
            await #expect(throws: (any Error).self) {
                try await mailer(server.port, upstream: upstream).send(
                    Mail(to: Self.recipient, subject: "", text: ""))
            }
        }
        #expect(upstream.state == .closed(failures: 0))
    }

    @Test(
        "without a mail server the log says what would have been sent, and to whom alone where others see it")
    func log() async throws {
        let log = KeptLog()
        let mail = Mail(to: Self.recipient, subject: "A link", text: "https://cut.example/x")
        try await LogMailer(log, showsText: true).send(mail)
        try await LogMailer(log, showsText: false).send(mail)
        #expect(log.lines.first == "mail to=ada@example.org subject=A link text=https://cut.example/x")
        #expect(
            log.lines.count == 2 && log.lines[1].hasPrefix("mail to=ada@example.org subject=A link text=not"))
    }

    // MARK: - Reading what was sent

    private func decodedWords(_ text: String) -> String {
        guard text.contains("=?UTF-8?B?") else { return text.trimmingPrefix(" ").description }
        let bytes = text.split(separator: " ").flatMap { word in
            Data(base64Encoded: String(word.dropFirst(10).dropLast(2))).map(Array.init) ?? []
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func quotedPrintable(_ lines: [String]) -> String {
        var bytes: [UInt8] = []
        for line in lines {
            var rest = Array(line.utf8)[...]
            var isContinued = false
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "=") else {
                    bytes.append(byte)
                    continue
                }
                isContinued = rest.isEmpty
                if let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                    bytes.append(code)
                }
                rest = rest.dropFirst(2)
            }
            if !isContinued { bytes += [13, 10] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Keeps its lines.
private final class KeptLog: Log {
    let level = LogLevel.info
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func write(_ level: LogLevel, _ event: String, _ fields: [LogField]) {
        let words = fields.map { field in
            switch field.value {
            case .text(let text), .disclosed(let text): "\(field.name)=\(text)"
            case .integer, .number: field.name
            }
        }
        kept.withLock { $0.append(([event] + words).joined(separator: " ")) }
    }
}
