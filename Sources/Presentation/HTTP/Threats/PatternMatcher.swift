/// Finds many texts in one pass, whatever is looked at (the automaton of Aho and Corasick, 1975).
///
/// Bytes that stand in no text share one column of the table, which keeps it small.
struct PatternMatcher: Sendable {
    /// The texts that end in a state, by their numbers.
    private let found: [[Int32]]
    private let next: [UInt16]
    private let columns: [UInt8]
    private let width: Int

    /// A matcher of these texts, fewer than 65,536 bytes in all.
    init(_ texts: [[UInt8]]) {
        var columns = [UInt8](repeating: 0, count: 256)
        for byte in Set(texts.joined()).sorted() { columns[Int(byte)] = (columns.max() ?? 0) + 1 }
        let width = Int(columns.max() ?? 0) + 1
        var next = [UInt16](repeating: 0, count: width)
        var found: [[Int32]] = [[]]
        for (number, text) in texts.enumerated() {
            var state = 0
            for byte in text {
                let slot = state * width + Int(columns[Int(byte)])
                if next[slot] == 0 {
                    next[slot] = UInt16(found.count)
                    found.append([])
                    next.append(contentsOf: repeatElement(0, count: width))
                }
                state = Int(next[slot])
            }
            found[state].append(Int32(number))
        }
        // Breadth first: where a text breaks off, go on at the longest end of it that begins another.
        var fallback = [Int](repeating: 0, count: found.count)
        var queue = (0..<width).map { Int(next[$0]) }.filter { $0 != 0 }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            found[state] += found[fallback[state]]
            for column in 0..<width {
                let slot = state * width + column
                let other = next[fallback[state] * width + column]
                if next[slot] == 0 {
                    next[slot] = other
                } else {
                    fallback[Int(next[slot])] = Int(other)
                    queue.append(Int(next[slot]))
                }
            }
        }
        (self.found, self.next, self.columns, self.width) = (found, next, columns, width)
    }

    /// Calls `visit` with the number of each text that is found, and where it ends.
    ///
    /// - Returns: How many steps that took: one for each byte and one for each text found.
    func scan(_ bytes: [UInt8], _ visit: (_ text: Int, _ end: Int) -> Void) -> Int {
        var steps = bytes.count
        var state = 0
        for index in bytes.indices {
            state = Int(next[state * width + Int(columns[Int(bytes[index])])])
            guard !found[state].isEmpty else { continue }
            steps += found[state].count
            for number in found[state] { visit(Int(number), index + 1) }
        }
        return steps
    }
}
