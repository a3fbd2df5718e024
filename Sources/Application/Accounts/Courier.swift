import Synchronization

/// Carries messages to the mailer, one after the other, behind the back of whoever had something to say.
///
/// Nobody waits for a mail server, and nobody can tell by the time of an answer whether a message was sent. What
/// cannot be delivered is noted in the log, without what it said.
public final class Courier: Sendable {
    /// How many messages wait at most; what comes when so many wait is dropped.
    static let capacity = 1000

    private let mailer: any Mailer
    private let log: any Log
    private let waiting: AsyncStream<Mail>
    private let entrance: AsyncStream<Mail>.Continuation

    /// A courier over its ports.
    public init(mailer: any Mailer, log: any Log) {
        self.mailer = mailer
        self.log = log
        (waiting, entrance) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    /// Takes a message; call it after what the message is about is on disk.
    func post(_ mail: Mail) {
        if case .dropped = entrance.yield(mail) { log.write(.error, "mail dropped") }
    }

    /// Delivers messages until the task is cancelled, or until all are delivered that were posted before
    /// ``close()``.
    public func run() async {
        for await mail in waiting {
            do {
                try await mailer.send(mail)
            } catch {
                log.write(.error, "mail not sent", ["reason": "\(error)"])
            }
        }
    }

    /// Takes no more messages.
    public func close() {
        entrance.finish()
    }
}
