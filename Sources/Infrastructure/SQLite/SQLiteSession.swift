import CSQLite
import Domain

/// A connection with its prepared statements, lent to one thread at a time: what repositories work on.
package final class SQLiteSession {
    package let connection: Connection
    /// What the counters of owners, and those of nobody, have changed by in the present transaction; written once,
    /// before it is committed.
    var tallies: [Identifier<User>?: Totals] = [:]
    private var statements: [UInt: PreparedStatement] = [:]

    init(_ connection: consuming Connection) {
        self.connection = connection
    }

    deinit {
        // A connection that still has statements stays half open.
        statements.removeAll()
    }

    /// Begins a use of the statement, which is compiled the first time only.
    func prepare(_ sql: SQL) throws(SQLiteError) -> Statement {
        if let known = statements[sql.key], !known.isInUse { return Statement(using: known) }
        let fresh = try PreparedStatement(sql, on: connection)
        // Where the statement is in use further up the stack, the fresh one serves this use alone.
        if statements[sql.key] == nil { statements[sql.key] = fresh }
        return Statement(using: fresh)
    }

    /// Runs a statement to its end and answers how many rows it changed.
    @discardableResult
    package func run<each Value: Bindable>(
        _ sql: SQL, _ values: repeat each Value
    ) throws(SQLiteError) -> Int {
        var statement = try prepare(sql)
        for value in repeat each values { try statement.bind(value) }
        while try statement.step() {}
        return connection.changes
    }

    /// The first row that the statement answers, if any.
    package func first<Element, each Value: Bindable>(
        _ sql: SQL, _ values: repeat each Value,
        as decode: (inout Row) throws -> Element
    ) throws -> Element? {
        var statement = try prepare(sql)
        for value in repeat each values { try statement.bind(value) }
        guard try statement.step() else { return nil }
        var row = statement.row
        return try decode(&row)
    }

    /// All rows that the statement answers.
    package func all<Element, each Value: Bindable>(
        _ sql: SQL, _ values: repeat each Value,
        as decode: (inout Row) throws -> Element
    ) throws -> [Element] {
        var statement = try prepare(sql)
        for value in repeat each values { try statement.bind(value) }
        var elements: [Element] = []
        while try statement.step() {
            var row = statement.row
            elements.append(try decode(&row))
        }
        return elements
    }

    /// The first column of the first row, if there is a row.
    package func value<Element: ColumnValue, each Value: Bindable>(
        _ sql: SQL, _ values: repeat each Value, as type: Element.Type = Element.self
    ) throws(SQLiteError) -> Element? {
        var statement = try prepare(sql)
        for value in repeat each values { try statement.bind(value) }
        guard try statement.step() else { return nil }
        var row = statement.row
        return row.next()
    }

    /// Runs every statement of `script`, which may be made at run time: for settings and migrations only.
    package func execute(_ script: String) throws(SQLiteError) {
        try connection.execute(script)
    }
}
