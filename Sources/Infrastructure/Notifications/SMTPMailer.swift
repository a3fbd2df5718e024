package import Application
package import Domain
import Glibc

/// Sends messages as plain text in UTF-8 (RFC 5322, RFC 2045) through a mail server.
package struct SMTPMailer: Mailer {
    /// Who messages come from.
    package struct Sender: Sendable {
        /// The address, to which failures are told too.
        package let address: EmailAddress
        /// The name that people see; nil for the address alone.
        package let name: String?

        /// A sender.
        package init(_ address: EmailAddress, name: String? = nil) {
            self.address = address
            self.name = name
        }
    }

    private let client: SMTPClient
    private let upstream: Upstream
    private let sender: Sender
    private let clock: any WallClock
    private let identifiers: IdentifierMaker

    /// A mailer that calls the server as `upstream`.
    package init(
        server: SMTPServer, upstream: Upstream, sender: Sender, clock: any WallClock,
        identifiers: IdentifierMaker
    ) {
        client = SMTPClient(server)
        self.upstream = upstream
        self.sender = sender
        self.clock = clock
        self.identifiers = identifiers
    }

    /// Hands a message to the server, unless that is left alone for a while.
    package func send(_ mail: Mail) async throws {
        let recipient = try Self.checked(mail.recipient)
        let address = try Self.checked(sender.address)
        try await send(
            SMTPMessage(
                sender: address, recipient: recipient, introduction: sender.address.domain,
                headers: headers(of: mail, from: address, to: recipient),
                text: Self.linesEndedForMail(mail.text)))
    }

    private func send(_ message: SMTPMessage) async throws {
        let lease: UpstreamLease
        do {
            lease = try upstream.lease()
        } catch {
            throw error.unavailable
        }
        do {
            try await client.send(message)
            lease.answered()
        } catch let refusal as SMTPRefusal {
            lease.answered()
            guard !refusal.isFinal else { throw MailRefusal(reason: refusal.reason) }
            throw PortError.unavailable(refusal.reason)
        } catch PortError.unavailable(let reason, let retryAfter) {
            lease.failed(reason, retryAfter: retryAfter)
            throw PortError.unavailable(reason, retryAfter: retryAfter)
        }
    }

    private func headers(of mail: Mail, from address: String, to recipient: String) -> [String] {
        let name = sender.name.map { MailHeader.phrase($0, after: "From: ".utf8.count) }
        return [
            // On a line of its own the address makes none too long.
            "From: " + (name.map { "\($0)\r\n <\(address)>" } ?? address),
            "To: \(recipient)",
            "Subject: " + MailHeader.text(mail.subject, after: "Subject: ".utf8.count),
            "Date: " + MailHeader.date(clock.now()),
            "Message-ID: <\(identifiers.make(Mail.self))@\(sender.address.domain)>",
            // Nobody answers these, out-of-office notes included (RFC 3834).
            "Auto-Submitted: auto-generated",
        ]
    }

    /// An address as the protocol wants it; a store may have kept one that was never checked.
    private static func checked(_ address: EmailAddress) throws(PortError) -> String {
        guard let sound = try? EmailAddress(address.text), sound == address else {
            throw .corrupt("an address that no mail can go to")
        }
        return address.text
    }

    private static func linesEndedForMail(_ text: String) -> String {
        // CR and LF in a row are one character.
        text.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }
        )
        .joined(separator: "\r\n")
    }
}
