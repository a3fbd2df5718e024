import Domain
import Synchronization

/// Who may be sent to now: so many deliveries at once to one receiver, and so many of one user, so that who answers
/// slowly holds up nobody else.
final class DeliverySlots: Sendable {
    /// A machine, as one user uses it.
    struct Receiver: Hashable {
        let owner: Identifier<User>
        let host: String
    }

    /// How many deliveries are under way at once to one receiver.
    static let mostToOne = 2
    /// How many of one user.
    static let mostOfOne = 8
    /// After which time, at least, who finds no room comes back.
    private static let wait = Duration.milliseconds(250)
    /// How far apart those come back who wait for the same receiver: a long line costs no more than that.
    private static let distance = Duration.milliseconds(50)

    private struct State {
        var underway: [Receiver: Int] = [:]
        var ofOwner: [Identifier<User>: Int] = [:]
        /// The last moment that someone was told to come back at.
        var places: [Receiver: Timestamp] = [:]
    }

    private let state = Mutex(State())

    /// Takes a slot; who enters has to leave.
    ///
    /// - Returns: Nil where there was room, else when to come back.
    func enter(_ receiver: Receiver, at now: Timestamp) -> Timestamp? {
        state.withLock { state in
            let underway = state.underway[receiver, default: 0]
            let ofOwner = state.ofOwner[receiver.owner, default: 0]
            guard underway < Self.mostToOne, ofOwner < Self.mostOfOne else {
                let earliest = now + Self.wait
                let place = max(earliest, state.places[receiver].map { $0 + Self.distance } ?? earliest)
                state.places[receiver] = place
                return place
            }
            state.underway[receiver] = underway + 1
            state.ofOwner[receiver.owner] = ofOwner + 1
            return nil
        }
    }

    /// Gives a slot back.
    func leave(_ receiver: Receiver, at now: Timestamp) {
        state.withLock { state in
            Self.takeOne(from: &state.underway, receiver)
            Self.takeOne(from: &state.ofOwner, receiver.owner)
            state.places = state.places.filter { $0.value > now }
        }
    }

    private static func takeOne<Key: Hashable>(from counts: inout [Key: Int], _ key: Key) {
        let left = (counts[key] ?? 1) - 1
        counts[key] = left > 0 ? left : nil
    }
}
