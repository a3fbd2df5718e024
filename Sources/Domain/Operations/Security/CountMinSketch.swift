/// How often each of very many things occurred, in a fixed piece of memory (Cormode and Muthukrishnan 2005, with
/// conservative update as of Estan and Varghese 2002).
///
/// A count is never too low, and with the usual size too high by more than 1/750 of all occurrences for fewer than one
/// thing in fifty (width e/ε, depth ln 1/δ).
public struct CountMinSketch: Sendable {
    private let width: Int
    private var rows: [[UInt32]]
    /// All occurrences.
    public private(set) var total = 0

    /// A sketch of nothing: 32 KiB as long as nothing else is said.
    public init(width: Int = 2048, depth: Int = 4) {
        self.width = max(1, width)
        rows = Array(repeating: Array(repeating: 0, count: self.width), count: max(1, depth))
    }

    /// Counts an occurrence.
    ///
    /// - Parameter hash: Of the thing, with a seed that clients do not know.
    public mutating func add(_ hash: UInt64) {
        total += 1
        let raised = estimate(hash).saturatingSum(1)
        for row in rows.indices {
            let cell = cell(hash, row)
            rows[row][cell] = max(rows[row][cell], raised)
        }
    }

    /// How often it occurred at most.
    public func estimate(_ hash: UInt64) -> UInt32 {
        rows.indices.reduce(UInt32.max) { min($0, rows[$1][cell(hash, $1)]) }
    }

    /// A cell of each row from two halves of one hash (Kirsch and Mitzenmacher 2006).
    private func cell(_ hash: UInt64, _ row: Int) -> Int {
        let mixed = (hash & 0xFFFF_FFFF) &+ UInt64(row) &* (hash >> 32 | 1)
        return Int(mixed % UInt64(width))
    }
}
