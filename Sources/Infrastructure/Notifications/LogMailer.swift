package import Application
import Domain

/// Writes messages to the log instead of sending them: for development, since they may hold what lets people in.
package struct LogMailer: Mailer {
    private let log: any Log

    /// A mailer.
    package init(_ log: any Log) {
        self.log = log
    }

    package func send(_ mail: Mail) async throws {
        log.write(
            .info, "mail",
            ["to": .text(mail.recipient.text), "subject": .text(mail.subject), "text": .text(mail.text)])
    }
}
