internal import Domain
import Synchronization

/// Carries messages to the mailer, one after the other, behind the back of whoever had something to say.
///
/// Nobody waits for a mail server, and nobody can tell by the time of an answer whether a message was sent. A server
/// that is away for a moment, or makes strangers come twice (greylisting), is asked again. What cannot be delivered
/// is noted in the log, without what it said.
public final class Courier: Sendable {
    /// How many messages wait at most; what comes when so many wait is dropped.
    static let capacity = 1000
    /// How long to wait before each further try: greylists take the second one after some minutes (RFC 6647).
    static let pauses: [Duration] = [.seconds(60), .seconds(300), .seconds(900)]

    /// A message on its way.
    private struct Errand {
        let mail: Mail
        var failures = 0
    }

    private let mailer: any Mailer
    private let clock: any WallClock
    private let log: any Log
    private let waiting: AsyncStream<Errand>
    private let entrance: AsyncStream<Errand>.Continuation
    /// How many messages are neither delivered nor given up.
    private let pending = Atomic(0)
    private let lost = Atomic(0)

    /// A courier over its ports.
    public init(mailer: any Mailer, clock: any WallClock, log: any Log) {
        self.mailer = mailer
        self.clock = clock
        self.log = log
        (waiting, entrance) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    /// How many messages were not delivered since the courier began: refused for good, tried in vain, or dropped.
    public var undelivered: Int { lost.load(ordering: .relaxed) }

    /// Takes a message; call it after what the message is about is on disk.
    func post(_ mail: Mail) {
        pending.add(1, ordering: .relaxed)
        if case .enqueued = entrance.yield(Errand(mail: mail)) { return }
        pending.subtract(1, ordering: .relaxed)
        lost.add(1, ordering: .relaxed)
        log.write(.error, "mail dropped")
    }

    /// Delivers messages until the task is cancelled, or until all were tried that were posted before ``close()``.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for await errand in waiting {
                guard let moment = await deliver(errand) else {
                    pending.subtract(1, ordering: .relaxed)
                    continue
                }
                let next = Errand(mail: errand.mail, failures: errand.failures + 1)
                group.addTask { await self.post(next, at: moment) }
            }
            group.cancelAll()
        }
        let left = pending.load(ordering: .relaxed)
        guard left > 0 else { return }
        lost.add(left, ordering: .relaxed)
        log.write(.error, "mail dropped at the end", ["count": .integer(Int64(left))])
    }

    /// Takes no more messages.
    public func close() {
        entrance.finish()
    }

    /// Tries once; says when it is worth another try, nil when it is not.
    private func deliver(_ errand: Errand) async -> Timestamp? {
        do {
            try await mailer.send(errand.mail)
            return nil
        } catch {
            guard case PortError.unavailable = error, errand.failures < Self.pauses.count else {
                lost.add(1, ordering: .relaxed)
                log.write(.error, "mail not sent", ["reason": "\(error)"])
                return nil
            }
            let pause = Self.pauses[errand.failures]
            let moment = clock.now() + pause
            log.write(
                .warning, "mail delayed",
                ["reason": "\(error)", "seconds": .integer(pause.components.seconds)])
            return moment
        }
    }

    private func post(_ errand: Errand, at moment: Timestamp) async {
        guard (try? await clock.sleep(until: moment)) != nil else { return }
        if case .dropped = entrance.yield(errand) {
            pending.subtract(1, ordering: .relaxed)
            lost.add(1, ordering: .relaxed)
            log.write(.error, "mail dropped")
        }
    }
}
