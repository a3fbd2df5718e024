package import Application
import Domain

/// Writes messages to the log instead of sending them: for development, since they may hold what lets people in.
package struct LogMailer: Mailer {
    private let log: any Log
    private let showsText: Bool

    /// A mailer.
    ///
    /// - Parameter showsText: Whether what a message says may stand in the log; where others than the person at this
    ///   machine are written to, it must not.
    package init(_ log: any Log, showsText: Bool) {
        self.log = log
        self.showsText = showsText
    }

    package func send(_ mail: Mail) async throws {
        let text = showsText ? mail.text : "not shown; smtp_url names a server that sends mail"
        log.write(
            .info, "mail",
            ["to": .text(mail.recipient.text), "subject": .text(mail.subject), "text": .disclosed(text)])
    }
}
