/// Rows of text under headings, aligned in columns.
package struct TextTable: Sendable {
    /// One column.
    package struct Column: Sendable {
        /// Where the cells of a column stand in it.
        package enum Alignment: Sendable {
            case left, right
        }

        /// What stands above it.
        package let heading: String
        /// Where its cells stand.
        package let alignment: Alignment
        /// Whether it gives way when the table is wider than the terminal.
        package let yields: Bool

        /// A column.
        package init(_ heading: String, alignment: Alignment = .left, yields: Bool = false) {
            self.heading = heading
            self.alignment = alignment
            self.yields = yields
        }
    }

    private static let gap = 2
    private static let leastWidth = 8

    private let columns: [Column]
    private var rows: [[String]] = []

    /// A table without rows.
    package init(columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells are empty, each takes one line.
    package mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0].onOneLine : "" })
    }

    /// The lines of the table, the headings first.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; the columns that yield are cut until the table fits.
    ///   - terminal: Where it will be shown.
    package func lines(width: Int, for terminal: Terminal) -> [String] {
        let widths = fittedWidths(within: width)
        let headings = line(of: columns.map(\.heading), widths: widths)
        return [terminal.styled(headings, .bold)] + rows.map { line(of: $0, widths: widths) }
    }

    private func fittedWidths(within width: Int) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(columns[index].heading.displayWidth) { max($0, $1[index].displayWidth) }
        }
        var excess = widths.reduce(0, +) + Self.gap * max(0, columns.count - 1) - width
        for index in columns.indices where columns[index].yields && excess > 0 {
            let given = min(excess, max(0, widths[index] - Self.leastWidth))
            widths[index] -= given
            excess -= given
        }
        return widths
    }

    private func line(of cells: [String], widths: [Int]) -> String {
        let placed = columns.indices.map { index in
            let cell = cells[index].fitted(to: widths[index])
            return switch columns[index].alignment {
            case .left: index == columns.count - 1 ? cell : cell.padded(to: widths[index])
            case .right: String(repeating: " ", count: max(0, widths[index] - cell.displayWidth)) + cell
            }
        }
        return placed.joined(separator: String(repeating: " ", count: Self.gap))
    }
}
