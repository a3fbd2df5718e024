public import Domain
import Synchronization

/// Keeps the messages that it was given, and delivers none.
public final class InMemoryMailer: Mailer {
    private struct State {
        var mails: [Mail] = []
        var failure: (any Error)?
    }
    private let state = Mutex(State())

    /// A mailer that has been given nothing.
    public init() {}

    /// What it was given so far, in order.
    public var mails: [Mail] { state.withLock { $0.mails } }

    /// Throws `failure` for every message from now on; nil for no longer.
    public func fail(with failure: PortError?) {
        state.withLock { $0.failure = failure }
    }

    /// Refuses every message for good from now on.
    public func refuse(because reason: String) {
        state.withLock { $0.failure = MailRefusal(reason: reason) }
    }

    /// Keeps a message.
    public func send(_ mail: Mail) async throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.mails.append(mail)
        }
    }
}

/// Knows zones that are always the same time away from UTC, where every day has 24 hours.
public struct FixedCalendar: Calendar {
    private let offsets: [TimeZoneName: Duration]

    /// A calendar that knows UTC and these zones, each by how far its clocks are ahead of UTC.
    public init(offsets: [TimeZoneName: Duration] = [:]) {
        self.offsets = offsets.merging([.utc: .zero]) { given, _ in given }
    }

    /// The day that contains a moment in a time zone; nil when the zone is not one of those given.
    public func day(containing moment: Timestamp, in zone: TimeZoneName) -> UserDay? {
        guard let offset = offsets[zone] else { return nil }
        let local = (moment + offset).milliseconds
        let length: Int64 = 86_400_000
        let timeOfDay = (local % length + length) % length
        let start = moment - .milliseconds(timeOfDay)
        return UserDay(start: start, end: start + .milliseconds(length))
    }
}

/// Leaves text as it is.
public struct UnchangedText: TextNormaliser {
    /// A normaliser.
    public init() {}

    /// The same text.
    public func normalise(_ text: String) -> String { text }
}

/// Takes names in ASCII only, and puts them into lower case.
public struct ASCIIDomainNames: DomainNames {
    /// Names of hosts.
    public init() {}

    /// The name in lower case; nil when it has letters beyond ASCII, or none at all.
    public func ascii(_ name: String) -> String? {
        name.isEmpty || !name.utf8.allSatisfy { $0 < 0x80 } ? nil : name.lowercased()
    }
}
