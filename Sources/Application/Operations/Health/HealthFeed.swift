package import Domain
import Synchronization

/// What a follower of the health is told.
package enum HealthFeedItem: Hashable, Sendable {
    /// How well the whole is when one begins to follow; `number` is that of the last change before.
    case status(HealthLevel, number: Int64, at: Timestamp)
    /// A verdict is another one.
    case changed(HealthTransition)
}

/// Hands changes to whoever follows them.
package final class HealthFeed: Sendable {
    /// Takes an item and must not block, call the feed, or throw; false lets the follower go.
    package typealias Delivery = @Sendable (HealthFeedItem) -> Bool

    /// Keeps a follower registered for as long as it is held.
    package final class Subscription: Sendable {
        private let cancel: @Sendable () -> Void

        fileprivate init(cancel: @escaping @Sendable () -> Void) {
            self.cancel = cancel
        }

        deinit { cancel() }
    }

    private let followers = Mutex<(all: [Int: Delivery], last: Int)>(([:], 0))

    init() {}

    /// How many follow.
    var count: Int { followers.withLock { $0.all.count } }

    func follow(_ missed: [HealthFeedItem], deliver: @escaping Delivery) -> Subscription {
        let number = followers.withLock { followers in
            followers.last += 1
            if missed.allSatisfy(deliver) { followers.all[followers.last] = deliver }
            return followers.last
        }
        return Subscription { [weak self] in self?.drop(number) }
    }

    func deliver(_ item: HealthFeedItem) {
        // What a delivery owns must end outside the lock.
        let gone = followers.withLock { followers in
            let gone = followers.all.filter { !$0.value(item) }
            for number in gone.keys { followers.all[number] = nil }
            return gone
        }
        withExtendedLifetime(gone) {}
    }

    private func drop(_ number: Int) {
        let gone = followers.withLock { $0.all.removeValue(forKey: number) }
        withExtendedLifetime(gone) {}
    }
}
