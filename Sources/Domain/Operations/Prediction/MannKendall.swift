/// Whether values rise or fall at all, whatever the shape (Mann 1945; Kendall 1975): how many more pairs rise than
/// fall, against what chance alone would give.
public struct MannKendall: Hashable, Sendable {
    /// How many standard deviations it is from no trend; positive where values rise.
    public let score: Double

    /// The test of some values, in the order of their times; their number is squared in its cost.
    public init(_ values: [Double]) {
        var balance = 0
        for later in values.indices.dropFirst() {
            for earlier in 0..<later {
                if values[later] > values[earlier] { balance += 1 }
                if values[later] < values[earlier] { balance -= 1 }
            }
        }
        let count = Double(values.count)
        // Values that are the same say nothing about each other, so that less is left to chance.
        var ties: [Double: Double] = [:]
        for value in values { ties[value, default: 0] += 1 }
        let tied = ties.values.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }
        let variance = (count * (count - 1) * (2 * count + 5) - tied) / 18
        // A step towards zero, since the balance moves in whole steps.
        let step = Double(balance.signum())
        score = variance > 0 ? (Double(balance) - step) / variance.squareRoot() : 0
    }
}
