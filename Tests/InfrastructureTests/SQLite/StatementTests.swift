import CSQLite
import Domain
import Infrastructure
import Testing

@Suite("statements")
struct StatementTests {
    @Test(
        "integers keep all their 64 bits",
        arguments: [0, 1, -1, Int64(Int32.max) + 1, Int64.max, Int64.min])
    func integers(_ value: Int64) async throws {
        try await withDatabase { database async throws in
            #expect(try database.read { try $0.value("SELECT ?", value, as: Int64.self) } == value)
        }
    }

    @Test(
        "texts come back as they went in",
        arguments: ["", "a\0b", "Käse 🧀", String(repeating: "x", count: 9000)])
    func texts(_ value: String) async throws {
        try await withDatabase { database async throws in
            #expect(try database.read { try $0.value("SELECT ?", value, as: String.self) } == value)
            #expect(try database.read { try $0.value("SELECT typeof(?)", value, as: String.self) } == "text")
        }
    }

    @Test("blobs come back as they went in", arguments: [[], [0], [UInt8](repeating: 7, count: 100_000)])
    func blobs(_ value: [UInt8]) async throws {
        try await withDatabase { database async throws in
            #expect(try database.read { try $0.value("SELECT ?", value, as: [UInt8].self) } == value)
            #expect(try database.read { try $0.value("SELECT typeof(?)", value, as: String.self) } == "blob")
        }
    }

    @Test("nothing comes back as nothing")
    func absence() async throws {
        try await withDatabase { database async throws in
            let nothing: String?? = try database.read { session in
                try session.first("SELECT ?", String?.none) { $0.next(String?.self) }
            }
            #expect(nothing == .some(.none))
        }
    }

    @Test("identifiers are sixteen bytes that sort as the identifiers do")
    func identifiers() async throws {
        let ids = (0..<50).map { number in
            Identifier<Int>(
                at: Timestamp(milliseconds: 1_790_000_000_000 + Int64(number / 5)),
                randomness: (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max)))
        }
        try await withDatabase("CREATE TABLE t (id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID") {
            database async throws in
            try await database.write { session in
                for id in ids { try session.run("INSERT INTO t VALUES (?)", id) }
            }
            let stored = try database.read { session in
                try session.all("SELECT id FROM t ORDER BY id") { $0.next(Identifier<Int>.self) }
            }
            #expect(stored == ids.sorted())
            #expect(try database.read { try $0.value("SELECT max(length(id)) FROM t", as: Int.self) } == 16)
        }
    }

    @Test("a statement can be used again while it is in use")
    func nestedUse() async throws {
        try await withDatabase { database async throws in
            let pairs = try database.read { session in
                try session.all("SELECT value FROM json_each('[1,2,3]')") { outer in
                    let first = outer.next(Int.self)
                    let inner = try session.all("SELECT value FROM json_each('[1,2,3]')") {
                        $0.next(Int.self)
                    }
                    return [first] + inner
                }
            }
            #expect(pairs == [[1, 1, 2, 3], [2, 1, 2, 3], [3, 1, 2, 3]])
        }
    }

    @Test("a value of an earlier use is not seen by a later one")
    func rebinding() async throws {
        let long = String(repeating: "x", count: 10_000)
        try await withDatabase { database async throws in
            let values = try database.read { session in
                try [long, "short", ""].map { text in
                    try session.value("SELECT ? || ?", text, "!", as: String.self)
                }
            }
            #expect(values == [long + "!", "short!", "!"])
        }
    }

    @Test("an error says its extended code and the statement, and none of the values")
    func errors() async throws {
        try await withDatabase("CREATE TABLE t (a TEXT PRIMARY KEY) STRICT") { database async throws in
            let error = await #expect(throws: SQLiteError.self) {
                try await database.write { session in
                    for _ in 0..<2 { try session.run("INSERT INTO t VALUES (?)", "top secret") }
                }
            }
            #expect(error?.code == 1555)
            #expect(error?.isDuplicate == true)
            #expect(error?.sql == "INSERT INTO t VALUES (?)")
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("readers cannot write")
    func queryOnly() async throws {
        try await withDatabase("CREATE TABLE t (a TEXT) STRICT") { database async throws in
            #expect(throws: SQLiteError.self) {
                try database.read { _ = try $0.run("INSERT INTO t VALUES ('x')") }
            }
        }
    }

    @Test("a reader sees one moment, whatever is committed meanwhile")
    func snapshot() async throws {
        try await withDatabase("CREATE TABLE t (a INTEGER) STRICT") { database async throws in
            try database.read { session in
                #expect(try session.value("SELECT count(*) FROM t", as: Int.self) == 0)
                try database.writeFirst { _ = try $0.run("INSERT INTO t VALUES (1)") }
                #expect(try session.value("SELECT count(*) FROM t", as: Int.self) == 0)
            }
            #expect(try database.read { try $0.value("SELECT count(*) FROM t", as: Int.self) } == 1)
        }
    }
}
