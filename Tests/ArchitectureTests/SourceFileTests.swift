import Testing

@Suite("Reading sources")
struct SourceFileTests {
    @Test(
        "comments and strings are not code",
        arguments: [
            ("let a = 1 // try! it", "let a = 1           "),
            ("let a = \"x // y\" + b", "let a =          + b"),
            ("a /* b */ c", "a         c"),
            (#"f("\(g("h"))", i)"#, "f(           , i)"),
            (##"f(#"a " b"#, c)"##, "f(         , c)"),
        ])
    func blanking(source: String, code: String) {
        #expect(SourceFile(path: "a.swift", text: source).code == [code])
    }

    @Test("types at the top level are declared, nested and private ones are not")
    func types() {
        let text = """
            public import Domain
            @frozen public struct Outer { struct Inner {} }
            private enum Hidden {}
            package final class Shown {
                protocol Within {}
            }
            extension Outer { enum Further {} }
            """
        let file = SourceFile(path: "Sources/App/A.swift", text: text)
        #expect(file.declaredTypes == ["Outer", "Shown"])
        #expect(file.imports.map(\.module) == ["Domain"])
        #expect(file.words.isSuperset(of: ["Outer", "Inner"]))
    }

    @Test("all of the repository is read")
    func all() {
        #expect(Repository.sources.count > 50)
        #expect(Repository.sources.contains { $0.path == "Sources/App/Main.swift" })
    }
}
