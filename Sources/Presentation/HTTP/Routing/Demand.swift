/// What a request asks of the server: who is refused first when there is more to do than can be done.
package enum Demand: Sendable {
    /// Tells those who run the server how it is; never refused.
    case vital
    /// Is read by somebody who is known, which takes a moment and waits for nobody; refused last.
    case read
    /// Changes something in the name of somebody who is known.
    case change
    /// Brings along a body that takes its time to come.
    case transfer
    /// Is asked by nobody in particular; refused first.
    case guest
    /// Is asked by somebody who wants to come in, and waits in the line of those whose passwords are looked at.
    case entrance

    /// Whether the request counts among those in flight.
    ///
    /// What waits for the client, or in a line that has a bound of its own, says nothing about how much there is to
    /// do; and whoever sends a body slowly must not be able to keep others out.
    package var isCounted: Bool {
        switch self {
        case .read, .change, .guest: true
        case .vital, .transfer, .entrance: false
        }
    }
}

extension Route {
    /// What requests to it ask of the server.
    var demand: Demand {
        switch (access, pace) {
        case (_, .unlimited): .vital
        case (_, .entrance): .entrance
        case (.open, .ordinary): .guest
        case (.needs, .ordinary):
            if method == .get {
                .read
            } else if let body, !body.content.contains(where: { $0.mediaType == "application/json" }) {
                .transfer
            } else {
                .change
            }
        }
    }
}

/// Bounds how many requests are in flight at once.
package protocol LoadBound: Sendable {
    /// Lets a request in; whoever is let in leaves.
    ///
    /// - Throws: ``ProblemKind/overloaded`` when too many others are in flight for this kind of request.
    func enter(_ demand: Demand) throws(Problem)
    /// A request that was let in has ended.
    ///
    /// - Parameter roundTrip: How long it took, if it had to wait for something and came to a good end.
    func leave(_ demand: Demand, after roundTrip: Duration?)
}
