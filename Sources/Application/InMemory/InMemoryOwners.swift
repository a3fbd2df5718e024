public import Domain
import Synchronization

/// Knows the owners of one process: each is alive while its presence is held.
public final class InMemoryOwners: OwnerRegistry {
    private let present = Mutex<Set<Identifier<JobOwner>>>([])

    /// A registry that knows nobody.
    public init() {}

    /// Makes an owner known as alive.
    ///
    /// - Throws: ``PortError/conflict(_:)`` when it is alive already.
    public func enter(_ owner: Identifier<JobOwner>) throws -> any OwnerPresence {
        guard present.withLock({ $0.insert(owner).inserted }) else {
            throw PortError.conflict("the owner \(owner) is there already")
        }
        return InMemoryPresence { [weak self] in self?.leave(owner) }
    }

    /// Whether nobody holds the owner's presence.
    public func isGone(_ owner: Identifier<JobOwner>) throws -> Bool {
        present.withLock { !$0.contains(owner) }
    }

    private func leave(_ owner: Identifier<JobOwner>) {
        present.withLock { _ = $0.remove(owner) }
    }
}

private final class InMemoryPresence: OwnerPresence {
    private let leave: @Sendable () -> Void

    init(leave: @escaping @Sendable () -> Void) {
        self.leave = leave
    }

    deinit {
        leave()
    }
}

/// Beats when it is told to.
public final class ManualPacemaker: Pacemaker {
    private let hearts = Mutex<[WeakHeart]>([])

    /// A pacemaker with nothing to beat.
    public init() {}

    /// Keeps `beat` to be called by ``beat()``; the interval does not matter.
    public func start(every interval: Duration, _ beat: @escaping @Sendable () -> Void) -> any Heartbeat {
        let heart = ManualHeart(beat)
        hearts.withLock { $0.append(WeakHeart(heart: heart)) }
        return heart
    }

    /// Calls everything that was started and is still held, once, on the calling thread.
    public func beat() {
        let alive = hearts.withLock { hearts in
            hearts.removeAll { $0.heart == nil }
            return hearts.compactMap(\.heart)
        }
        for heart in alive { heart.beat() }
    }
}

private final class ManualHeart: Heartbeat {
    let beat: @Sendable () -> Void

    init(_ beat: @escaping @Sendable () -> Void) {
        self.beat = beat
    }
}

private struct WeakHeart: Sendable {
    weak let heart: ManualHeart?
}
